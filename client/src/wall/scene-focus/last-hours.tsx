import type { Board, HeatCell } from '@stagewatch/shared/contract/board.ts'
import { timeOfDay } from '../../format/clock-time.ts'
import { formatCount } from '../../format/quantity.ts'
import { useShownTime } from '../../live/use-shown-time.ts'
import { useText } from '../../text/use-text.ts'
import '../heat.css'
import { heatLook } from '../heat-cell.ts'
import './last-hours.css'

interface Hour {
  readonly key: number
  readonly label: string
  readonly cell: HeatCell
}

/** What was open and overdue in the stage at the last full hours, and now; the newest on the right. */
export function LastHours({ board, stage }: { readonly board: Board; readonly stage: string }) {
  const { t } = useText()
  const { freshness, shownNow = board.asOf } = useShownTime()
  const { timeZone } = board.site
  const column = board.stages[stage]
  const cells = board.heatmap.cells[stage] ?? []
  const now = freshness === 'lost' ? timeOfDay(shownNow, timeZone) : t('focus.now')
  const hours: Hour[] = [
    ...board.heatmap.marks
      .map((mark, index): Hour => ({ key: mark, label: timeOfDay(mark, timeZone), cell: cells[index] ?? null }))
      .toReversed(),
    { key: 0, label: now, cell: column ?? null },
  ]
  const most = Math.max(1, ...hours.map(({ cell }) => cell?.wip ?? 0))
  return (
    <section className="panel hours">
      <div className="focus-title">
        <h2 className="panel-title">{t('focus.hours')}</h2>
        <span className="panel-note ellipsis" data-may-truncate>
          {t('focus.hoursNote')}
        </span>
      </div>
      <div className="hours__columns">
        <span className="hours__label hours__label--share">{t('focus.overdueShare')}</span>
        {hours.map((hour) => (
          <HourColumn key={hour.key} hour={hour} most={most} toleranceRatio={column?.toleranceRatio ?? 0} />
        ))}
      </div>
    </section>
  )
}

function HourColumn({ hour, most, toleranceRatio }: { hour: Hour; most: number; toleranceRatio: number }) {
  const { t, language } = useText()
  const { cell, label } = hour
  const look = heatLook(cell, toleranceRatio)
  const percentOf = (part: number, whole: number) => `${(part / whole) * 100}%`
  return (
    <div className="hours__column">
      <div className="hours__bar-place">
        {cell && (
          <>
            <span className="hours__open">{formatCount(cell.wip, language)}</span>
            <span className="hours__bar" style={{ height: percentOf(cell.wip, most) }}>
              <span className="hours__overdue" style={{ height: percentOf(cell.overdue, Math.max(1, cell.wip)) }} />
            </span>
          </>
        )}
      </div>
      {look.kind === 'missing' ? (
        <span className="heat heat-missing" role="img" aria-label={t('focus.noData')} />
      ) : (
        <span className={`heat heat-${look.heat}`}>{look.text}</span>
      )}
      <span className="hours__label">{label}</span>
    </div>
  )
}
