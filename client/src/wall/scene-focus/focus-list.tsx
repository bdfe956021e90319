import type { Board } from '@stagewatch/shared/contract/board.ts'
import { formatCount } from '../../format/quantity.ts'
import { useShownTime } from '../../live/use-shown-time.ts'
import { useText } from '../../text/use-text.ts'
import { StatusGlyph } from '../../theme/status-glyph.tsx'
import { isNewest } from '../is-newest.ts'
import { ListRow } from '../list-row.tsx'
import { NewestBreach } from '../newest-breach.tsx'
import { useWallLayout } from '../use-wall-layout.ts'
import './focus-list.css'
import { focusRoom } from './focus-room.ts'
import { reasonCounts } from './reasons.ts'
import { Reasons } from './reasons-list.tsx'
import { stageRows } from './stage-rows.ts'

const mostReasons = 4

/**
 * The stage's orders: the longest overdue, then those that come next; at the foot why the overdue ones wait, or, while
 * it is news, which one has just joined them.
 */
export function FocusList({ board, stage }: { readonly board: Board; readonly stage: string }) {
  const { t, language, nameOf } = useText()
  const { shownNow = board.asOf } = useShownTime()
  const layout = useWallLayout()
  const newest = newestOf(board, stage, shownNow)
  const room = focusRoom(layout) - (newest !== undefined && layout.kind === 'portrait' ? 1 : 0)
  const column = board.stages[stage]
  const { overdue, upcoming } = stageRows(board, stage)
  const besides = newest?.count === 1 ? newest.row.order : undefined
  const late = overdue.filter(({ order }) => order !== besides).slice(0, room)
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
      {newest !== undefined ? (
        <NewestBreach newest={newest} board={board} lost={false} now={shownNow} />
      ) : (
        layout.kind !== 'portrait' &&
        overdue.length > 0 && <Reasons reasons={reasonCounts(overdue, mostReasons)} counted={overdue.length} />
      )}
    </section>
  )
}

function newestOf({ newestBreach }: Board, stage: string, now: number): Board['newestBreach'] {
  return newestBreach?.row.stage === stage && isNewest(newestBreach, now) ? newestBreach : undefined
}
