import type { Board, BoardList, BoardRow } from '@stagewatch/shared/contract/board.ts'
import { formatCount } from '../../format/quantity.ts'
import { useShownTime } from '../../live/use-shown-time.ts'
import { useText } from '../../locales/use-text.ts'
import { StatusGlyph } from '../../components/status-glyph.tsx'
import { isNewest } from '../breaches.ts'
import { ListRow } from '../list-row.tsx'
import { oldData } from '@stagewatch/shared/domain/old-data.ts'
import { OldDataHint } from '../list-notes.tsx'
import { NewestBreach } from '../newest-breach.tsx'
import { useWallLayout } from '../use-wall-layout.ts'
import './focus-list.css'
import { Reasons } from './reasons-list.tsx'
import { shownFocus } from './shown-focus.ts'
import type { WallLayout } from '../wall-layout.ts'

interface FocusListProps {
  readonly board: Pick<
    Board,
    'site' | 'stages' | 'stageOrder' | 'focus' | 'overdue' | 'upcoming' | 'newestBreach' | 'lastMovedOn' | 'recording'
  >
  readonly stage: string
}

/**
 * The stage's orders: those overdue the longest, then those due next. The footer shows why the overdue ones wait, or
 * for a while the newest breach.
 */
export function FocusList({ board, stage }: FocusListProps) {
  const { t, language, nameOf } = useText()
  const { shownNow = 0 } = useShownTime()
  const layout = useWallLayout()
  const newest = newestOf(board, stage, shownNow)
  const room = focusRoom(layout) - (newest !== undefined && layout.kind === 'portrait' ? 1 : 0)
  const column = board.stages[stage]
  const focus = shownFocus(board, stage, shownNow)
  const [overdue, upcoming] = [rowsOf(focus.overdue), rowsOf(focus.upcoming)]
  const old = oldData(board, shownNow)
  const besides = newest?.count === 1 ? newest.row.order : undefined
  const late = overdue.filter(({ order }) => order !== besides).slice(0, room)
  const next = upcoming.slice(0, Math.max(0, room - Math.max(1, late.length)))
  const total = column?.overdue ?? late.length
  const row = { stage: undefined, now: shownNow }
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
      ) : old !== undefined ? (
        <OldDataHint old={old} site={board.site} />
      ) : (
        layout.kind !== 'portrait' &&
        focus.reasons !== undefined &&
        focus.reasons.length > 0 && <Reasons reasons={focus.reasons} counted={total} />
      )}
    </section>
  )
}

function rowsOf({ order, rows }: BoardList): BoardRow[] {
  return order.flatMap((each) => rows[each] ?? [])
}

function newestOf({ newestBreach }: Pick<Board, 'newestBreach'>, stage: string, now: number): Board['newestBreach'] {
  return newestBreach?.row.stage === stage && isNewest(newestBreach, now) ? newestBreach : undefined
}

/** Height of everything above and below the list within its scene, including the wall's margins. */
const outside = { wide: 336, tall: 336, ultra: 136, portrait: 1280 }
/** Panel header, a heading between the two kinds of rows, and the reasons in the footer. */
const besidesRows = { wide: 291, tall: 291, ultra: 291, portrait: 150 }
const rowHeight = 90

/** Number of orders that fit in the list of the focus scene. */
function focusRoom({ kind, height }: WallLayout): number {
  return Math.max(2, Math.floor((height - outside[kind] - besidesRows[kind] + 3) / rowHeight))
}
