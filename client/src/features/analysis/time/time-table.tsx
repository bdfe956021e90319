import {
  fewVisits,
  type TimeAnswer,
  type TimeDimension,
  type TimeRow,
  type TimeSum,
} from '@stagewatch/shared/contract/analysis.ts'
import { Link } from '@tanstack/react-router'
import { ArrowDown, ArrowUp } from 'lucide-react'
import type { CSSProperties, ReactNode } from 'react'
import type { Filters } from '../../../components/filters/filter-search.ts'
import { OrdersLink, type OrdersChoice } from '../../../components/order/orders-link.tsx'
import { ScrollArea } from '../../../components/scroll-area.tsx'
import { missing } from '../../../format/quantity.ts'
import { useAnalysisScope } from '../analysis-scope.ts'
import styles from '../analysis.module.css'
import { useAnalysisText, useRowName } from '../use-analysis-text.ts'
import { VisitsLink } from '../visits/visits-link.tsx'
import { nextSort, sortOf, sortRows } from './sort-rows.ts'
import { timeColumns, type TimeSearch, type VisitsSearch } from '../analysis-search.ts'

interface TimeTableProps {
  readonly answer: TimeAnswer
  readonly search: TimeSearch
  readonly rows: TimeDimension
  readonly onChange: (change: Partial<TimeSearch>) => void
}

const iconSize = 13

/** One row per name, with its share of the time as a bar and links to its visits and orders. */
export function TimeTable({ answer, search, rows: dimension, onChange }: TimeTableProps) {
  const { t, count, hours, share } = useAnalysisText()
  const { filters } = useAnalysisScope()
  const { total, rest } = answer
  const nameOfRow = useRowName(dimension)
  const sorted = sortOf(search.sort)
  const rows = sortRows(answer.rows, search.sort, nameOfRow)
  const most = Math.max(1, rest?.totalMs ?? 0, ...rows.map(({ totalMs }) => totalMs))
  return (
    <>
      <p className={styles['note']}>
        {t('analysis.time.summary', {
          hours: hours(total.totalMs),
          visits: t('analysis.visits', { count: total.visits, value: count(total.visits) }),
        })}
      </p>
      <ScrollArea label={t('analysis.time.title')} className={styles['scroll']}>
        <table className={styles['table']}>
          <thead>
            <tr>
              {timeColumns.map((column) => (
                <th
                  key={column}
                  scope="col"
                  aria-sort={sorted?.column === column ? (sorted.isDown ? 'descending' : 'ascending') : undefined}
                >
                  <button
                    type="button"
                    className={styles['sort']}
                    onClick={() => onChange({ sort: nextSort(column, search.sort) })}
                  >
                    {column === 'name' ? t(`analysis.dimension.${dimension}`) : t(`analysis.column.${column}`)}
                    {sorted?.column === column &&
                      (sorted.isDown ? (
                        <ArrowDown size={iconSize} aria-hidden />
                      ) : (
                        <ArrowUp size={iconSize} aria-hidden />
                      ))}
                  </button>
                </th>
              ))}
              <th scope="col">
                <span className="hidden-text" data-may-truncate>
                  {t('analysis.column.orders')}
                </span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const choice = ordersOf(dimension, row)
              const isChosen =
                dimension === 'stage' && row.key === search.stage && row.process === (search.of ?? row.process)
              return (
                <tr key={`${row.process ?? ''} ${row.key}`} data-chosen={isChosen || undefined}>
                  <th scope="row">
                    {dimension === 'stage' ? (
                      <Link
                        from="/analysis"
                        to="/analysis"
                        search={(previous) => ({ ...previous, stage: row.key, of: row.process })}
                        resetScroll={false}
                      >
                        {nameOfRow(row)}
                      </Link>
                    ) : (
                      nameOfRow(row)
                    )}
                  </th>
                  <SumCells
                    sum={row}
                    most={most}
                    share={share(row.totalMs, total.totalMs)}
                    visits={visitsOf(dimension, row, search)}
                    name={nameOfRow(row)}
                  />
                  <td>
                    {choice !== undefined && (
                      <OrdersLink
                        choice={{ status: 'open', ...filters, ...choice }}
                        label={t('analysis.openOrdersOf', { name: nameOfRow(row) })}
                      >
                        {t('analysis.openOrders')}
                      </OrdersLink>
                    )}
                  </td>
                </tr>
              )
            })}
            {rest !== undefined && (
              <tr>
                <th scope="row">{t('analysis.time.rest', { count: rest.rows, value: count(rest.rows) })}</th>
                <SumCells
                  sum={rest}
                  most={most}
                  share={share(rest.totalMs, total.totalMs)}
                  visits={undefined}
                  name=""
                />
                <td>{missing}</td>
              </tr>
            )}
          </tbody>
        </table>
      </ScrollArea>
      {rows.some(({ visits }) => visits > 0 && visits < fewVisits) && (
        <p className={styles['note']}>{t('analysis.few', { value: count(fewVisits) })}</p>
      )}
    </>
  )
}

/** Filter of the orders that match the row now. Undefined: the order list has no such filter. */
function ordersOf(dimension: TimeDimension, { key, process }: TimeRow): OrdersChoice | undefined {
  if (dimension === 'weekday' || dimension === 'hourOfDay') return undefined
  if (dimension === 'stage') return { stage: key, ...(process !== undefined && { process: [process] }) }
  return { [dimension]: [key] }
}

/** Filter of the visits of a row. Undefined: they began too long ago. */
export function visitsOf(
  dimension: TimeDimension,
  { key, process }: Pick<TimeRow, 'key' | 'process'>,
  { stage, of, clock }: TimeSearch,
): (VisitsSearch & Filters) | undefined {
  if (dimension === 'stage') return { stage: key, of: process, clock }
  if (key === 'earlier') return undefined
  const chosen = { stage, of, clock }
  if (dimension === 'weekday' || dimension === 'hourOfDay') return { ...chosen, [dimension]: Number(key) }
  return { ...chosen, [dimension]: [key] }
}

interface SumCellsProps {
  readonly sum: TimeSum
  /** The largest value of all rows, which has the longest bar. */
  readonly most: number
  readonly share: string
  readonly visits: (VisitsSearch & Filters) | undefined
  /** Name of the row. */
  readonly name: string
}

function SumCells({ sum, most, share, visits, name }: SumCellsProps): ReactNode {
  const { t, duration, hours, count, share: shareOf } = useAnalysisText()
  const isFew = sum.visits < fewVisits || undefined
  return (
    <>
      <td className={styles['barCell']}>
        <div className={styles['barRow']}>
          <span className={styles['track']} aria-hidden>
            <span className={styles['bar']} style={{ '--part': sum.totalMs / most } as CSSProperties} />
          </span>
          {`${hours(sum.totalMs)} · ${share}`}
        </div>
      </td>
      <td>
        {visits === undefined || sum.visits === 0 ? (
          count(sum.visits)
        ) : (
          <VisitsLink
            visits={visits}
            label={t('analysis.list.show', { count: sum.visits, value: count(sum.visits), name })}
          >
            {count(sum.visits)}
          </VisitsLink>
        )}
      </td>
      <td data-few={isFew}>{duration(sum.meanMs)}</td>
      <td data-few={isFew}>{duration(sum.p50Ms)}</td>
      <td data-few={isFew}>{duration(sum.p90Ms)}</td>
      <td data-few={isFew}>{sum.judged === 0 ? missing : shareOf(sum.breaches, sum.judged)}</td>
    </>
  )
}
