import type { PartsAnswer, PartsRow, PartSum } from '@stagewatch/shared/contract/analysis-parts.ts'
import { fewVisits, type TimeDimension } from '@stagewatch/shared/contract/analysis.ts'
import { useState } from 'react'
import card from '../../../components/card.module.css'
import { TableButton } from '../../../components/chart/table-button.tsx'
import { ScrollArea } from '../../../components/scroll-area.tsx'
import { SpentBar, spentKinds, SpentKey, type SpentKind } from '../../../components/spent-bar.tsx'
import { missing } from '../../../format/quantity.ts'
import { AnalysisBoundary } from '../analysis-boundary.tsx'
import styles from '../analysis.module.css'
import type { TimeSearch } from '../analysis-search.ts'
import type { Analysis } from '../api.ts'
import { useAnalysisText, useRowName } from '../use-analysis-text.ts'
import { VisitsLink } from '../visits/visits-link.tsx'
import { visitsOf } from './time-table.tsx'

interface PartsCardProps {
  readonly analysis: Analysis<PartsAnswer>
  readonly rows: TimeDimension
  readonly search: TimeSearch
}

/** How much of the time of each row was working, waiting and on hold, and what orders waited for. */
export function PartsCard({ analysis, rows, search }: PartsCardProps) {
  const { t } = useAnalysisText()
  const [isTable, setTable] = useState(false)
  return (
    <section className={card['card']} aria-labelledby="time-parts">
      <div className={styles['head']}>
        <h2 id="time-parts">{t('analysis.parts.title')}</h2>
        <TableButton isTable={isTable} onToggle={setTable} />
      </div>
      <AnalysisBoundary analysis={analysis} isInCard>
        {(answer) => <Parts answer={answer} rows={rows} search={search} isTable={isTable} />}
      </AnalysisBoundary>
    </section>
  )
}

/** Whether there are too few visits for a share to mean much; undefined: no. */
const isFew = ({ visits }: PartSum): true | undefined => visits < fewVisits || undefined

const msOf = (sum: PartSum, kind: SpentKind): number => sum[`${kind}Ms`]

interface PartsProps {
  readonly answer: PartsAnswer
  readonly rows: TimeDimension
  readonly search: TimeSearch
  readonly isTable: boolean
}

function Parts({ answer, rows: dimension, search, isTable }: PartsProps) {
  const { t, count, hours, share } = useAnalysisText()
  const nameOfRow = useRowName(dimension)
  const { total, rest } = answer
  if (total.visits === 0) return <p className={styles['note']}>{t('analysis.noVisits')}</p>
  if (total.unsaidMs === total.totalMs) return <p className={styles['note']}>{t('analysis.parts.none')}</p>
  const kinds = spentKinds.filter((kind) => msOf(total, kind) > 0)
  const rows = answer.rows
    .filter(({ visits }) => visits > 0)
    .map((row) => ({ id: `${row.process ?? ''} ${row.key}`, name: nameOfRow(row), sum: row, link: linkTo(row) }))
  if (rest !== undefined) {
    const name = t('analysis.time.rest', { count: rest.rows, value: count(rest.rows) })
    rows.push({ id: 'rest', name, sum: { ...rest, key: '', name: { zh: '', en: '' } }, link: count(rest.visits) })
  }
  const isPartial = total.unsaidMs > 0
  return (
    <>
      <dl className={styles['figures']}>
        {kinds.map((kind) => (
          <div key={kind}>
            <dt>
              <SpentKey kind={kind} />
            </dt>
            <dd>{share(msOf(total, kind), total.totalMs)}</dd>
          </div>
        ))}
        {total.causes.length > 0 && (
          <div>
            <dt>{t('order.spent.causes')}</dt>
            <dd className={styles['causes']}>
              {total.causes.map(({ cause, ms }) => `${t(`order.cause.${cause}`)} ${hours(ms)}`).join(' · ')}
            </dd>
          </div>
        )}
      </dl>
      <ScrollArea label={t('analysis.parts.title')} className={styles['scroll']}>
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">{t(`analysis.dimension.${dimension}`)}</th>
              {isTable ? (
                <>
                  <th scope="col">{t('analysis.column.total')}</th>
                  {kinds.map((kind) => (
                    <th key={kind} scope="col">
                      {t(`order.spent.${kind}`)}
                    </th>
                  ))}
                  {total.causes.map(({ cause }) => (
                    <th key={cause} scope="col">
                      {t('analysis.parts.waitedFor', { cause: t(`order.cause.${cause}`) })}
                    </th>
                  ))}
                </>
              ) : (
                <>
                  <th scope="col" className={styles['spentCell']}>
                    {t('analysis.parts.shares')}
                  </th>
                  <th scope="col">{t('order.spent.working')}</th>
                </>
              )}
              <th scope="col">{t('analysis.column.visits')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ id, name, sum, link }) => (
              <tr key={id}>
                <th scope="row">{name}</th>
                {isTable ? (
                  <>
                    <td>{hours(sum.totalMs)}</td>
                    {kinds.map((kind) => (
                      <td key={kind} data-few={isFew(sum)}>
                        {`${hours(msOf(sum, kind))} · ${share(msOf(sum, kind), sum.totalMs)}`}
                      </td>
                    ))}
                    {total.causes.map(({ cause }) => (
                      <td key={cause} data-few={isFew(sum)}>
                        {hoursOfCause(sum, cause)}
                      </td>
                    ))}
                  </>
                ) : (
                  <>
                    <td className={styles['spentCell']}>
                      <SpentBar parts={spentKinds.map((kind) => ({ kind, ms: msOf(sum, kind) }))} isSlim />
                    </td>
                    <td data-few={isFew(sum)}>{share(sum.workingMs, sum.totalMs)}</td>
                  </>
                )}
                <td>{link}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
      {isPartial && <p className={styles['note']}>{t('analysis.parts.partial')}</p>}
      {rows.some(({ sum }) => isFew(sum)) && (
        <p className={styles['note']}>{t('analysis.few', { value: count(fewVisits) })}</p>
      )}
    </>
  )

  function hoursOfCause({ causes }: PartSum, cause: PartSum['causes'][number]['cause']): string {
    const ms = causes.find((one) => one.cause === cause)?.ms
    return ms === undefined ? missing : hours(ms)
  }

  function linkTo(row: PartsRow) {
    const visits = visitsOf(dimension, row, search)
    if (visits === undefined) return count(row.visits)
    const label = t('analysis.list.show', { count: row.visits, value: count(row.visits), name: nameOfRow(row) })
    return (
      <VisitsLink visits={visits} label={label}>
        {count(row.visits)}
      </VisitsLink>
    )
  }
}
