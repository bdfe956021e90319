import type { Board, BoardRow } from '@stagewatch/shared/contract/board.ts'
import { hasOrdersWithoutLimit, missingLimitReason } from '../../format/missing-limits.ts'
import { middleEllipsis } from '../../format/shorten.ts'
import { useShownTime } from '../../live/use-shown-time.ts'
import { useText } from '../../locales/use-text.ts'
import { StatusGlyph } from '../../components/status-glyph.tsx'
import { DurationText } from '../figures.tsx'
import { stageNames, useTranslated } from '../shown-names.ts'
import { overMs } from '../breaches.ts'
import { useWallLayout } from '../use-wall-layout.ts'

/** Letters of a stage name, and of an order number. */
const [nameWidth, numberWidth] = [11, 12]

/** The orders that have been overdue the longest. */
export function AndonRows({ board }: { readonly board: Pick<Board, 'kpis' | 'stages' | 'stageOrder' | 'overdue'> }) {
  const { t, language } = useText()
  const { shownNow = 0 } = useShownTime()
  const room = useWallLayout().kind === 'ultra' ? 5 : 3
  const names = stageNames(board, language, nameWidth)
  const missingLimit = missingLimitReason(board)
  const rows = board.overdue.order.slice(0, room).flatMap((order) => board.overdue.rows[order] ?? [])
  return (
    <ol className="andon-rows">
      {rows.map((row) => (
        <AndonRow key={row.order} row={row} stage={names.get(row.stage) ?? row.stage} now={shownNow} />
      ))}
      {rows.length === 0 && (
        <li className="andon-row andon-row--none">
          <StatusGlyph state={missingLimit === undefined ? 'onTrack' : 'unknown'} />
          <span>
            {missingLimit === undefined
              ? t(hasOrdersWithoutLimit(board) ? 'list.noneJudged' : 'andon.none')
              : t(`unjudged.${missingLimit}`)}
          </span>
        </li>
      )}
    </ol>
  )
}

function AndonRow({ row, stage, now }: { row: BoardRow; stage: string; now: number }) {
  const { t } = useText()
  const translated = useTranslated()
  return (
    <li className="andon-row">
      <StatusGlyph state={row.state} quiet={row.acknowledged === true} label={t(`state.${row.state}`)} />
      <span className="andon-row__stage ellipsis" dir="auto" data-may-truncate>
        {stage}
      </span>
      <span className="andon-row__customer">
        {row.customer !== undefined && (
          <span className="ellipsis" data-may-truncate dir="auto">
            {translated(row.customer)}
          </span>
        )}
        <bdi className="andon-row__number">{middleEllipsis(row.short, numberWidth)}</bdi>
      </span>
      {row.unclaimed ? (
        <span className={`${row.acknowledged ? '' : 'andon-row__unclaimed'} ellipsis`} data-may-truncate>
          {t('andon.unclaimed')}
        </span>
      ) : (
        <span className="andon-row__owner ellipsis" dir="auto" data-may-truncate>
          {row.owner !== undefined && translated(row.owner)}
        </span>
      )}
      <span className="andon-row__reason ellipsis" dir="auto" data-may-truncate>
        {row.reason === undefined ? t('andon.noReason') : translated(row.reason)}
      </span>
      <DurationText durationMs={overMs(row, now)} />
    </li>
  )
}
