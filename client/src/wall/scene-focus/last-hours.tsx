import type { Board, HeatCell } from '@stagewatch/shared/contract/board.ts'
import { BarChart } from 'echarts/charts'
import { use } from 'echarts/core'
import { Chart } from '../../components/chart/chart.tsx'
import { useChartColours } from '../../components/chart/chart-colours.ts'
import { timeOfDay } from '../../format/clock-time.ts'
import { formatCount, missing } from '../../format/quantity.ts'
import { useShownTime } from '../../live/use-shown-time.ts'
import { useText } from '../../locales/use-text.ts'
import { heatLook } from '../heat-cell.ts'
import { HeatChart } from '../heat-chart.tsx'
import { useHourLabel } from '../time-texts.ts'
import { useWallLayout } from '../use-wall-layout.ts'
import './last-hours.css'
import { lastHoursOption } from './last-hours-option.ts'

use([BarChart])

interface Hour {
  /** Epoch ms; 0: now. */
  readonly at: number
  readonly label: string
  readonly cell: HeatCell
}

interface LastHoursProps {
  readonly board: Pick<Board, 'site' | 'stages' | 'heatmap'>
  readonly stage: string
}

/** Open and overdue orders of the stage at the last full hours and now, newest on the right. */
export function LastHours({ board, stage }: LastHoursProps) {
  const { t, language } = useText()
  const { freshness, shownNow = 0 } = useShownTime()
  const { unitPx: unit } = useWallLayout()
  const colours = useChartColours()
  const { timeZone } = board.site
  const column = board.stages[stage]
  const cells = board.heatmap.cells[stage] ?? []
  const hourLabel = useHourLabel(timeZone)
  const now = freshness === 'lost' ? timeOfDay(shownNow, timeZone) : t('focus.now')
  const hours: Hour[] = [
    ...board.heatmap.marks
      .map((mark, index): Hour => ({ at: mark, label: hourLabel(mark), cell: cells[index] ?? null }))
      .toReversed(),
    { at: 0, label: now, cell: column ?? null },
  ]
  const count = (value: number) => formatCount(value, language)
  const labels = hours.map(({ label }) => label)
  const words = (part: 'wip' | 'overdue') => hours.map(({ cell }) => (cell === null ? missing : count(cell[part])))
  const option = lastHoursOption(
    hours.map(({ cell }) => cell),
    count,
    { unit, colours },
  )
  const table = {
    caption: t('focus.hours'),
    columns: labels,
    rows: [
      { label: t('focus.open'), cells: words('wip') },
      { label: t('focus.overdue'), cells: words('overdue') },
    ],
  }
  const looks = hours.map(({ cell }) => heatLook(cell, column ?? { toleranceRatio: 0 }, language))
  return (
    <section className="panel hours">
      <div className="focus-title">
        <h2 className="panel-title">{t('focus.hours')}</h2>
        <span className="panel-note ellipsis" data-may-truncate>
          {t('focus.hoursNote')}
        </span>
      </div>
      <div className="hours__columns">
        <div className="hours__charts" style={{ gridColumnEnd: `span ${hours.length}` }}>
          <Chart className="hours__bars" isCalm option={option} table={table} />
          <HeatChart
            className="hours__heat"
            caption={t('focus.overdueShare')}
            columns={labels}
            rows={[{ label: t('focus.overdueShare'), cells: looks }]}
            rowCount={1}
          />
        </div>
        <span className="hours__label hours__label--share" aria-hidden>
          {t('focus.overdueShare')}
        </span>
        {hours.map(({ at, label }, index) => (
          <span key={at} className="hours__label" style={{ gridColumn: index + 2 }} aria-hidden>
            {label}
          </span>
        ))}
      </div>
    </section>
  )
}
