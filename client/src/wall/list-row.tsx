import type { BoardRow } from '@stagewatch/shared/contract/board.ts'
import { middleEllipsis } from '../format/shorten.ts'
import { useText } from '../locales/use-text.ts'
import { Icon } from '../components/icon.tsx'
import { StatusGlyph } from '../components/status-glyph.tsx'
import { DurationText } from './figures.tsx'
import './list-row.css'
import { leftMs, overMs } from './breaches.ts'
import { useTranslated } from './shown-names.ts'

/** With less time left, the triangle is coloured. */
const urgentBelowMs = 15 * 60_000

/** Letters of an order number that leave room for its owner. */
const numberWidth = 18
/** Letters of a stage name in a row. */
export const rowStageWidth = 13

interface ListRowProps {
  readonly row: BoardRow
  /** The stage's display name. Undefined in the list of a single stage, whose title names it. */
  readonly stage: string | undefined
  readonly kind: 'overdue' | 'upcoming'
  /** Server time, epoch ms. */
  readonly now: number
}

/** Two lines: state, stage, customer and time; owner, reason and order number. */
export function ListRow({ row, stage, kind, now }: ListRowProps) {
  const { t } = useText()
  const translated = useTranslated()
  const isUpcoming = kind === 'upcoming'
  const isSeen = row.acknowledged === true
  const quiet = isSeen || (isUpcoming && row.state === 'atRisk' && leftMs(row, now) >= urgentBelowMs)
  const missingReason = isUpcoming ? undefined : t('list.noReason')
  return (
    <li className="row">
      <StatusGlyph state={row.state} quiet={quiet} label={t(`state.${row.state}`)} />
      <div className="row__line">
        {stage !== undefined && (
          <span
            className={`row__stage ${row.customer ? '' : 'row__stage--alone'} ellipsis`}
            dir="auto"
            data-may-truncate
          >
            {stage}
          </span>
        )}
        <span className="row__customer ellipsis" dir="auto" data-may-truncate>
          {row.customer === undefined ? stage === undefined && row.order : translated(row.customer)}
        </span>
        <span className="row__time">
          {isUpcoming && <span className="row__left">{t('list.left')}</span>}
          <DurationText durationMs={isUpcoming ? leftMs(row, now) : overMs(row, now)} />
        </span>
      </div>
      <div className="row__line row__line--second">
        {row.unclaimed && <span className={isSeen ? undefined : 'row__unclaimed'}>{t('list.unclaimed')}</span>}
        {!row.unclaimed && row.owner !== undefined && (
          <span className="row__owner">
            <Icon name="person" />
            <span className="ellipsis" dir="auto" data-may-truncate>
              {translated(row.owner)}
            </span>
          </span>
        )}
        <span
          className={row.reason === undefined ? 'row__reason row__reason--none ellipsis' : 'row__reason ellipsis'}
          dir="auto"
          data-may-truncate
        >
          {row.reason === undefined ? missingReason : translated(row.reason)}
        </span>
        <bdi className="row__number">{middleEllipsis(row.short, numberWidth)}</bdi>
      </div>
    </li>
  )
}
