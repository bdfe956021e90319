import { pathOrdersAnswer, type PathOrdersAnswer } from '@stagewatch/shared/contract/analysis-paths.ts'
import { Link } from '@tanstack/react-router'
import { useMe } from '../../../api/session.ts'
import { DataTable, type Column } from '../../../components/data-table.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { instantText } from '../../../format/instant-text.ts'
import { missing } from '../../../format/quantity.ts'
import { AnalysisBoundary } from '../analysis-boundary.tsx'
import { useAnalysisScope } from '../analysis-scope.ts'
import styles from '../analysis.module.css'
import { analysisQuery, useAnalysis } from '../api.ts'
import { useAnalysisText } from '../use-analysis-text.ts'
import { noFigure, pathsSearch, type PathsSearch } from '../analysis-search.ts'

type PathOrder = PathOrdersAnswer['orders'][number]

interface PathOrdersProps {
  readonly search: PathsSearch
  readonly process: string
  /** Describes what the orders have in common. */
  readonly title: string
}

/** The orders behind a figure, refetched every minute. */
export function PathOrders({ search, process, title }: PathOrdersProps) {
  const { t, nameOf, count, duration, language } = useAnalysisText()
  const { site } = useMe()
  const { question, now } = useAnalysisScope()
  // The URL also contains the page's period and filters, which the request passes in its own format.
  const orders = useAnalysis(
    analysisQuery(site, 'paths/orders', pathOrdersAnswer, {
      ...question,
      ...pathsSearch.parse(search),
      process: [process],
    }),
  )
  const close = (
    <Link from="/analysis/paths" to="/analysis/paths" search={(previous) => ({ ...previous, ...noFigure })}>
      {t('paths.list.close')}
    </Link>
  )
  return (
    // Links to the orders scroll here, also while they are loading.
    <div id="path-orders">
      <AnalysisBoundary analysis={orders}>
        {({ orders: rows, total, asOf, nextOffset }) =>
          total === 0 ? (
            <EmptyState title={t('paths.list.none')}>
              <p>{t('paths.list.noneText')}</p>
              {close}
            </EmptyState>
          ) : (
            <DataTable
              id="path-orders-title"
              title={title}
              note={t('paths.orders', { count: total, value: count(total) })}
              tools={close}
              columns={columnsAt(asOf)}
              rows={rows}
              rowKey={({ order }) => order}
              footer={<Pages offset={search.offset ?? 0} next={nextOffset} />}
            />
          )
        }
      </AnalysisBoundary>
    </div>
  )

  function columnsAt(asOf: number): readonly Column<PathOrder>[] {
    return [
      {
        title: t('paths.list.order'),
        kind: 'name',
        renderCell: ({ order }) => (
          <Link to="/orders/$order" params={{ order }}>
            {order}
          </Link>
        ),
      },
      { title: t('paths.list.customer'), renderCell: ({ customer }) => customer ?? missing },
      { title: t('paths.list.product'), renderCell: ({ product }) => product ?? missing },
      {
        title: t('paths.list.stage'),
        renderCell: ({ stageName }) => (stageName === undefined ? missing : nameOf(stageName)),
      },
      {
        title: t('paths.list.ended'),
        kind: 'time',
        renderCell: ({ endedAt }) => (endedAt === undefined ? missing : instantText(endedAt, now, language)),
      },
      {
        title: t('paths.list.lead'),
        kind: 'time',
        renderCell: ({ arrivedAt, endedAt }) => duration((endedAt ?? asOf) - arrivedAt),
      },
    ]
  }
}

function Pages({ offset, next }: { readonly offset: number; readonly next: number | undefined }) {
  const { t } = useAnalysisText()
  if (offset === 0 && next === undefined) return null
  return (
    <p className={styles['pages']}>
      {offset > 0 && (
        <Link
          from="/analysis/paths"
          to="/analysis/paths"
          search={(previous) => ({ ...previous, offset: undefined })}
          resetScroll={false}
        >
          {t('paths.list.first')}
        </Link>
      )}
      {next !== undefined && (
        <Link
          from="/analysis/paths"
          to="/analysis/paths"
          search={(previous) => ({ ...previous, offset: next })}
          resetScroll={false}
        >
          {t('paths.list.next')}
        </Link>
      )}
    </p>
  )
}
