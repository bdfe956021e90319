import type { Board } from '@stagewatch/shared/contract/board.ts'
import { formatCount } from '../../format/quantity.ts'
import { useShownTime } from '../../live/use-shown-time.ts'
import { useText } from '../../text/use-text.ts'
import { StatusGlyph } from '../../theme/status-glyph.tsx'
import { ListRow } from '../list-row.tsx'
import { useWallLayout } from '../use-wall-layout.ts'
import './focus-list.css'
import { focusRoom } from './focus-room.ts'
import { reasonCounts } from './reasons.ts'
import { Reasons } from './reasons-list.tsx'
import { stageRows } from './stage-rows.ts'

const mostReasons = 4

/** The stage's orders: the longest overdue, then those that come next, and why the overdue ones wait. */
export function FocusList({ board, stage }: { readonly board: Board; readonly stage: string }) {
  const { t, language, nameOf } = useText()
  const { shownNow = board.asOf } = useShownTime()
  const layout = useWallLayout()
  const room = focusRoom(layout)
  const column = board.stages[stage]
  const { overdue, upcoming } = stageRows(board, stage)
  const late = overdue.slice(0, room)
  const next = upcoming.slice(0, Math.max(0, room - Math.max(1, late.length)))
  const total = column?.overdue ?? late.length
  const row = { column, now: shownNow, withoutStage: true }
  return (
    <section className="panel focus-list">
      <div className="focus-list__head">
        <h2 className="panel-title ellipsis" data-may-truncate>
          {t('focus.longest', { stage: column ? nameOf(column.name) : stage })}
        </h2>
        <span className="panel-note">
          {late.length > 0 && t('list.range', { from: 1, to: late.length, total: formatCount(total, language) })}
        </span>
      </div>
      <ol>
        {late.map((each) => (
          <ListRow key={each.order} row={each} kind="overdue" {...row} />
        ))}
        {late.length === 0 && (
          <li className="focus-list__none">
            <StatusGlyph state="onTrack" />
            {t('focus.none')}
          </li>
        )}
        {next.length > 0 && <li className="focus-list__section">{t('focus.upcoming')}</li>}
        {next.map((each) => (
          <ListRow key={each.order} row={each} kind="upcoming" {...row} />
        ))}
      </ol>
      {layout.kind !== 'portrait' && overdue.length > 0 && (
        <Reasons reasons={reasonCounts(overdue, mostReasons)} counted={overdue.length} />
      )}
    </section>
  )
}
