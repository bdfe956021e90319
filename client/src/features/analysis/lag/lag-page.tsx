import { NativeSelect } from '@mantine/core'
import { lagDimensions, type LagAnswer, type LagDimension, type LagSum } from '@stagewatch/shared/contract/analysis.ts'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { CSSProperties } from 'react'
import { useMe } from '../../../api/session.ts'
import card from '../../../components/card.module.css'
import { OrdersLink, type OrdersChoice } from '../../../components/order/orders-link.tsx'
import { ScrollArea } from '../../../components/scroll-area.tsx'
import { missing } from '../../../format/quantity.ts'
import { calendarDate, timeOfDay } from '../../../format/clock-time.ts'
import { AnalysisBoundary } from '../analysis-boundary.tsx'
import { useAnalysisScope } from '../analysis-scope.ts'
import styles from '../analysis.module.css'
import { lagQuery, useAnalysis } from '../api.ts'
import { NothingInPeriod } from '../nothing-in-period.tsx'
import { useAnalysisText } from '../use-analysis-text.ts'
import { LagHours } from './lag-hours.tsx'
import type { LagSearch } from '../analysis-search.ts'

/** How late events are reported, by reporter and by time of the week. */
export function LagPage() {
  const { t, language, count, delay } = useAnalysisText()
  const { site, privacy } = useMe()
  const { question, timeZone } = useAnalysisScope()
  const search: LagSearch = useSearch({ from: '/shell/analysis/lag' })
  const navigate = useNavigate({ from: '/analysis/lag' })
  const dimensions = lagDimensions.filter((value) => value !== 'actor' || privacy.people === 'shown')
  const rows = dimensions.find((value) => value === search.by) ?? 'source'
  const lag = useAnalysis(lagQuery(site, { ...question, rows }))
  return (
    <AnalysisBoundary analysis={lag}>
      {(answer) =>
        answer.total.events === 0 ? (
          <NothingInPeriod title={t('analysis.lag.none')} text={t('analysis.lag.noneText')} />
        ) : (
          <div className={styles['page']}>
            <section className={card['card']} aria-labelledby="lag">
              <div className={styles['head']}>
                <h2 id="lag">{t('analysis.lag.title')}</h2>
                <NativeSelect
                  size="xs"
                  aria-label={t('analysis.time.rowsLabel')}
                  value={rows}
                  data={dimensions.map((value) => ({
                    value,
                    label: t('analysis.time.rowsBy', { what: t(`analysis.lag.by.${value}`) }),
                  }))}
                  onChange={({ currentTarget }) => {
                    const chosen = dimensions.find((value) => value === currentTarget.value)
                    void navigate({
                      search: (previous) => ({ ...previous, by: chosen === 'source' ? undefined : chosen }),
                      resetScroll: false,
                    })
                  }}
                />
              </div>
              <dl className={styles['figures']}>
                {(['p50', 'p90'] as const).map((name) => (
                  <div key={name}>
                    <dt>{t(`analysis.dwell.${name}`)}</dt>
                    <dd>{delay(answer.total[`${name}Ms`])}</dd>
                  </div>
                ))}
                <div>
                  <dt>{t('analysis.lag.events')}</dt>
                  <dd>{count(answer.total.events)}</dd>
                </div>
              </dl>
              <LagTable answer={answer} rows={rows} />
              <p className={styles['note']}>
                {t('analysis.lag.note')}
                {answer.imported !== undefined &&
                  answer.imported > 0 &&
                  ` ${t('analysis.lag.imported', { count: answer.imported, value: count(answer.imported) })}`}
                {answer.reachesBackTo !== undefined &&
                  ` ${t('analysis.lag.since', {
                    time: `${calendarDate(answer.reachesBackTo, timeZone, language)} ${timeOfDay(answer.reachesBackTo, timeZone)}`,
                  })}`}
              </p>
            </section>
            <LagHours hours={answer.hours} />
          </div>
        )
      }
    </AnalysisBoundary>
  )
}

/** Minimum range of the bars, so that delays below a minute look short. */
const minuteMs = 60_000

interface LagTableProps {
  readonly answer: LagAnswer
  readonly rows: LagDimension
}

function LagTable({ answer: { rows, rest }, rows: dimension }: LagTableProps) {
  const { t, count, nameOf } = useAnalysisText()
  const { filters } = useAnalysisScope()
  const most = Math.max(minuteMs, rest?.p90Ms ?? 0, ...rows.map(({ p90Ms = 0 }) => p90Ms))
  return (
    <ScrollArea label={t('analysis.lag.title')} className={styles['scroll']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t(`analysis.lag.by.${dimension}`)}</th>
            <th scope="col">{t('analysis.lag.p90')}</th>
            <th scope="col">{t('analysis.column.p50')}</th>
            <th scope="col">{t('analysis.lag.events')}</th>
            <th scope="col">{t('analysis.lag.ahead')}</th>
            <th scope="col">
              <span className="hidden-text" data-may-truncate>
                {t('analysis.column.orders')}
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const name = row.key === '' ? t('analysis.lag.unnamed') : nameOf(row.name)
            const choice = ordersOf(dimension, row)
            return (
              <tr key={`${row.process ?? ''} ${row.key}`}>
                <th scope="row">{name}</th>
                <LagCells sum={row} most={most} />
                <td>
                  {choice !== undefined && (
                    <OrdersLink
                      choice={{ status: 'open', ...filters, ...choice }}
                      label={t('analysis.openOrdersOf', { name })}
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
              <LagCells sum={rest} most={most} />
              <td>{missing}</td>
            </tr>
          )}
        </tbody>
      </table>
    </ScrollArea>
  )
}

function ordersOf(dimension: LagDimension, { key, process }: LagAnswer['rows'][number]): OrdersChoice | undefined {
  if (dimension === 'department') return { department: [key] }
  if (dimension !== 'stage' || key === '') return undefined
  return { stage: key, ...(process !== undefined && { process: [process] }) }
}

function LagCells({ sum, most }: { readonly sum: LagSum; readonly most: number }) {
  const { count, delay } = useAnalysisText()
  return (
    <>
      <td className={styles['barCell']}>
        <div className={styles['barRow']}>
          <span className={styles['track']} aria-hidden>
            <span className={styles['bar']} style={{ '--part': (sum.p90Ms ?? 0) / most } as CSSProperties} />
          </span>
          {delay(sum.p90Ms)}
        </div>
      </td>
      <td>{delay(sum.p50Ms)}</td>
      <td>{count(sum.events)}</td>
      <td>{count(sum.ahead)}</td>
    </>
  )
}
