import type { BoardRow, StageColumn } from '@stagewatch/shared/contract/board.ts'
import { useText } from '../text/use-text.ts'
import { Icon } from '../theme/icon.tsx'
import { StatusGlyph } from '../theme/status-glyph.tsx'
import { DurationText } from './duration-text.tsx'
import './list-row.css'
import { leftMs, overMs } from './row-time.ts'

/** With less time left the triangle takes its colour. */
const urgentBelowMs = 15 * 60_000

interface ListRowProps {
  readonly row: BoardRow
  readonly column: StageColumn | undefined
  readonly kind: 'overdue' | 'upcoming'
  /** Server time, epoch ms. */
  readonly now: number
  /** The list is of one stage, which its title names. */
  readonly withoutStage?: boolean
}

/** Two lines: state, stage, customer and time; who has it, why, and its number. */
export function ListRow({ row, column, kind, now, withoutStage = false }: ListRowProps) {
  const { t, nameOf } = useText()
  const isUpcoming = kind === 'upcoming'
  const quiet = isUpcoming && row.state === 'atRisk' && leftMs(row, now) >= urgentBelowMs
  const reason = row.reason ?? (isUpcoming ? undefined : t('list.noReason'))
  return (
    <li className="row">
      <StatusGlyph state={row.state} quiet={quiet} label={t(`state.${row.state}`)} />
      <div className="row__line">
        {!withoutStage && (
          <span className="row__stage ellipsis" data-may-truncate>
            {column ? nameOf(column.name) : row.stage}
          </span>
        )}
        <span className="row__customer ellipsis" data-may-truncate>
          {row.customer ?? (withoutStage ? row.order : undefined)}
        </span>
        <span className="row__time">
          {isUpcoming && <span className="row__left">{t('list.left')}</span>}
          <DurationText durationMs={isUpcoming ? leftMs(row, now) : overMs(row, now)} />
        </span>
      </div>
      <div className="row__line row__line--second">
        {row.unclaimed && <span className="row__unclaimed">{t('list.unclaimed')}</span>}
        {!row.unclaimed && row.owner !== undefined && (
          <span className="row__owner">
            <Icon name="person" />
            <span className="ellipsis" data-may-truncate>
              {row.owner}
            </span>
          </span>
        )}
        <span
          className={row.reason === undefined ? 'row__reason row__reason--none ellipsis' : 'row__reason ellipsis'}
          data-may-truncate
        >
          {reason}
        </span>
        <span className="row__number">{row.short}</span>
      </div>
    </li>
  )
}
