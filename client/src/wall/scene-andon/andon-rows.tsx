import type { Board, BoardRow, StageColumn } from '@stagewatch/shared/contract/board.ts'
import { useShownTime } from '../../live/use-shown-time.ts'
import { useText } from '../../text/use-text.ts'
import { StatusGlyph } from '../../theme/status-glyph.tsx'
import { DurationText } from '../duration-text.tsx'
import { overMs } from '../row-time.ts'
import { useWallLayout } from '../use-wall-layout.ts'

/** The orders that are longest overdue. */
export function AndonRows({ board }: { readonly board: Board }) {
  const { t } = useText()
  const { shownNow = board.asOf } = useShownTime()
  const room = useWallLayout().kind === 'ultra' ? 5 : 3
  const rows = board.overdue.order.slice(0, room).flatMap((order) => board.overdue.rows[order] ?? [])
  return (
    <ol className="andon-rows">
      {rows.map((row) => (
        <AndonRow key={row.order} row={row} column={board.stages[row.stage]} now={shownNow} />
      ))}
      {rows.length === 0 && (
        <li className="andon-row andon-row--none">
          <StatusGlyph state="onTrack" />
          {t('andon.none')}
        </li>
      )}
    </ol>
  )
}

function AndonRow({ row, column, now }: { row: BoardRow; column: StageColumn | undefined; now: number }) {
  const { t, nameOf } = useText()
  return (
    <li className="andon-row">
      <StatusGlyph state={row.state} label={t(`state.${row.state}`)} />
      <span className="andon-row__stage ellipsis" data-may-truncate>
        {column ? nameOf(column.name) : row.stage}
      </span>
      <span className="andon-row__customer ellipsis" data-may-truncate>
        {row.customer ?? row.short}
      </span>
      {row.unclaimed ? (
        <span className="andon-row__unclaimed ellipsis" data-may-truncate>
          {t('andon.unclaimed')}
        </span>
      ) : (
        <span className="andon-row__owner ellipsis" data-may-truncate>
          {row.owner}
        </span>
      )}
      <span className="andon-row__reason ellipsis" data-may-truncate>
        {row.reason ?? t('andon.noReason')}
      </span>
      <DurationText durationMs={overMs(row, now)} />
    </li>
  )
}
