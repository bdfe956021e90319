import type { Board, BoardRow } from '@stagewatch/shared/contract/board.ts'
import { timeOfDay } from '../../../format/clock-time.ts'
import { hasOrdersWithoutLimit, missingLimitReason } from '../../../format/missing-limits.ts'
import { formatCount } from '../../../format/quantity.ts'
import { useShownTime } from '../../../live/use-shown-time.ts'
import { useText } from '../../../locales/use-text.ts'
import { StatusGlyph } from '../../../components/status-glyph.tsx'
import { isNewest } from '../../breaches.ts'
import { MissingLimitsNotice, OldDataHint } from '../../list-notes.tsx'
import { oldData } from '@stagewatch/shared/domain/old-data.ts'
import { useWallLayout } from '../../use-wall-layout.ts'
import { listRoom } from './list-page.ts'
import { ListRow, rowStageWidth } from '../../list-row.tsx'
import { NewestBreach } from '../../newest-breach.tsx'
import './overdue-list.css'
import { stageNames } from '../../shown-names.ts'
import { useListPage } from './use-list-page.ts'

interface OverdueListProps {
  readonly board: Pick<
    Board,
    'site' | 'kpis' | 'stages' | 'stageOrder' | 'overdue' | 'upcoming' | 'newestBreach' | 'lastMovedOn' | 'recording'
  >
}

/** The orders that are furthest past their limit, page by page; on a calm day also those due next. */
export function OverdueList({ board }: OverdueListProps) {
  const { t, language } = useText()
  const { freshness, shownNow = 0 } = useShownTime()
  const { overdue, upcoming, newestBreach, site } = board
  const lost = freshness === 'lost'
  const newest = newestBreach && isNewest(newestBreach, shownNow) ? newestBreach : undefined
  const pageSize = listRoom(useWallLayout())
  const page = useListPage(board, pageSize, newest?.count === 1 ? newest.row.order : undefined, !lost)

  const names = stageNames(board, language, rowStageWidth)
  const missingLimit = missingLimitReason(board)
  const old = oldData(board, shownNow)
  const rows = rowsOf(page.overdue, overdue.rows)
  const taken = Math.max(rows.length, overdue.total === 0 ? 1 : 0)
  const hasFoot = newest !== undefined || lost || old !== undefined
  const next = rowsOf(page.upcoming, upcoming.rows).slice(0, Math.max(0, pageSize - taken - (hasFoot ? 1 : 0)))
  const range = {
    from: page.before + 1,
    to: page.before + rows.length,
    total: formatCount(overdue.total, language),
  }
  return (
    <section className="panel list">
      <div className="list__head">
        <h2 className="panel-title">{t(overdue.total < pageSize ? 'list.overdue' : 'list.longest')}</h2>
        <span className="list__range">
          {lost
            ? t('list.asOf', { time: timeOfDay(shownNow, site.timeZone) })
            : rows.length > 0 && t('list.range', range)}
        </span>
      </div>
      <ol className="list__page" key={page.turn}>
        {rows.map((row) => (
          <ListRow key={row.order} row={row} stage={names.get(row.stage) ?? row.stage} kind="overdue" now={shownNow} />
        ))}
        {overdue.total === 0 && missingLimit === undefined && (
          <li className="list__none">
            <StatusGlyph state="onTrack" />
            {t(hasOrdersWithoutLimit(board) ? 'list.noneJudged' : 'list.none')}
          </li>
        )}
        {missingLimit !== undefined && (
          <li className="list__missing-limits">
            <MissingLimitsNotice reason={missingLimit} />
          </li>
        )}
        {next.length > 0 && (
          <li className="list__section list__section--ruled">
            {t('list.upcoming')}
            <span>
              {t('list.upcomingTotal', { count: upcoming.total, value: formatCount(upcoming.total, language) })}
            </span>
          </li>
        )}
        {next.map((row) => (
          <ListRow key={row.order} row={row} stage={names.get(row.stage) ?? row.stage} kind="upcoming" now={shownNow} />
        ))}
      </ol>
      {newest !== undefined || lost ? (
        <NewestBreach newest={newest} board={board} lost={lost} now={shownNow} />
      ) : (
        old && <OldDataHint old={old} site={site} />
      )}
    </section>
  )
}

function rowsOf(orders: readonly string[], rows: Readonly<Record<string, BoardRow>>): BoardRow[] {
  return orders.flatMap((order) => rows[order] ?? [])
}
