import { pathOrdersAnswer } from '@stagewatch/shared/contract/analysis-paths.ts'
import { Link } from '@tanstack/react-router'
import { useMe } from '../../../api/session.ts'
import card from '../../../components/card.module.css'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ScrollArea } from '../../../components/scroll-area.tsx'
import { instantText } from '../../../format/instant-text.ts'
import { missing } from '../../../format/quantity.ts'
import { AnalysisBoundary } from '../analysis-boundary.tsx'
import { useAnalysisScope } from '../analysis-scope.ts'
import styles from '../analysis.module.css'
import { analysisQuery } from '../api.ts'
import { useAnalysis } from '../use-analysis.ts'
import { useAnalysisText } from '../use-analysis-text.ts'
import { noFigure, pathsSearch, type PathsSearch } from '../analysis-search.ts'

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
  return (
    <section className={card['card']} aria-labelledby="path-orders">
      <div className={styles['head']}>
        <h2 id="path-orders">{title}</h2>
        <Link from="/analysis/paths" to="/analysis/paths" search={(previous) => ({ ...previous, ...noFigure })}>
          {t('paths.list.close')}
        </Link>
      </div>
      <AnalysisBoundary analysis={orders} isInCard>
        {(answer) =>
          answer.total === 0 ? (
            <EmptyState title={t('paths.list.none')} isInCard>
              <p>{t('paths.list.noneText')}</p>
            </EmptyState>
          ) : (
            <>
              <p className={styles['note']}>{t('paths.orders', { count: answer.total, value: count(answer.total) })}</p>
              <ScrollArea label={title} className={styles['scroll']}>
                <table className={styles['table']}>
                  <thead>
                    <tr>
                      {(['order', 'customer', 'product', 'stage', 'ended', 'lead'] as const).map((column) => (
                        <th key={column} scope="col">
                          {t(`paths.list.${column}`)}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {answer.orders.map(({ order, customer, product, stageName, arrivedAt, endedAt }) => (
                      <tr key={order}>
                        <th scope="row">
                          <Link to="/orders/$order" params={{ order }}>
                            {order}
                          </Link>
                        </th>
                        <td>{customer ?? missing}</td>
                        <td>{product ?? missing}</td>
                        <td>{stageName === undefined ? missing : nameOf(stageName)}</td>
                        <td>{endedAt === undefined ? missing : instantText(endedAt, now, language)}</td>
                        <td>{duration((endedAt ?? answer.asOf) - arrivedAt)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </ScrollArea>
              <Pages offset={search.offset ?? 0} next={answer.nextOffset} />
            </>
          )
        }
      </AnalysisBoundary>
    </section>
  )
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
