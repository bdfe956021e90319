import { minTestedVisits, outliersAnswer } from '@stagewatch/shared/contract/analysis-outliers.ts'
import type { OutlierFinding, OutliersAnswer } from '@stagewatch/shared/contract/analysis-outliers.ts'
import { useMe } from '../../../api/session.ts'
import card from '../../../components/card.module.css'
import { EmptyState } from '../../../components/empty-state.tsx'
import { OrdersLink } from '../../../components/order/orders-link.tsx'
import { ScrollArea } from '../../../components/scroll-area.tsx'
import { AnalysisBoundary } from '../analysis-boundary.tsx'
import { useAnalysisScope } from '../analysis-scope.ts'
import styles from '../analysis.module.css'
import { analysisQuery, useAnalysis } from '../api.ts'
import { NothingInPeriod } from '../nothing-in-period.tsx'
import { useAnalysisText } from '../use-analysis-text.ts'
import { VisitsLink } from '../visits/visits-link.tsx'
import own from './outliers.module.css'

/** What visits that take longer than others of their stage have in common. */
export function OutliersPage() {
  const { site } = useMe()
  const { question } = useAnalysisScope()
  const outliers = useAnalysis(analysisQuery(site, 'outliers', outliersAnswer, question))
  return <AnalysisBoundary analysis={outliers}>{(answer) => <Findings answer={answer} />}</AnalysisBoundary>
}

function Findings({ answer }: { readonly answer: OutliersAnswer }) {
  const { t, count } = useAnalysisText()
  const { findings, total, tested, tooSmall, notCompared } = answer
  const dimensions = notCompared.map((dimension) => t(`analysis.dimension.${dimension}`)).join(', ')
  const longer = findings.filter(({ differenceMs }) => differenceMs > 0)
  const shorter = findings.filter(({ differenceMs }) => differenceMs < 0)
  return (
    <div className={styles['page']}>
      {tested === 0 && (
        <NothingInPeriod
          title={t('outliers.untested')}
          text={t('outliers.untestedText', { value: count(minTestedVisits) })}
        />
      )}
      {tested > 0 && total === 0 && (
        <EmptyState title={t('outliers.none')}>
          <p>{t('outliers.noneText', { value: count(tested) })}</p>
        </EmptyState>
      )}
      {longer.length > 0 && <FindingTable title={t('outliers.longerTitle')} findings={longer} />}
      {shorter.length > 0 && <FindingTable title={t('outliers.shorterTitle')} findings={shorter} />}
      {tested > 0 && (
        <p className={styles['note']}>
          {t('outliers.tested', { value: count(tested), small: count(tooSmall), least: count(minTestedVisits) })}
          {total > findings.length && ` ${t('outliers.more', { value: count(total - findings.length) })}`}
          {notCompared.length > 0 && ` ${t('outliers.notCompared', { dimensions })}`}
        </p>
      )}
    </div>
  )
}

interface FindingTableProps {
  readonly title: string
  readonly findings: readonly OutlierFinding[]
}

const columns = ['finding', 'median', 'others', 'cost', 'orders'] as const

function FindingTable({ title, findings }: FindingTableProps) {
  const { t, count, duration, hours } = useAnalysisText()
  const sentence = useSentence()
  return (
    <section className={card['card']} aria-label={title}>
      <h2 className={card['title']}>{title}</h2>
      <ScrollArea label={title} className={styles['scroll']}>
        <table className={`${styles['table']} ${own['findings']}`}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {t(`outliers.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {findings.map((finding) => {
              const { process, stage, dimension, value, medianMs, otherMedianMs, otherVisits, visits } = finding
              return (
                <tr key={`${process} ${stage} ${dimension} ${value}`}>
                  <th scope="row">{sentence(finding)}</th>
                  <td>{duration(medianMs)}</td>
                  <td>
                    {duration(otherMedianMs)} <span className={own['count']}>n = {count(otherVisits)}</span>
                  </td>
                  <td>{hours(Math.abs(finding.differenceMs) * visits)}</td>
                  <td>
                    <FindingOrders finding={finding} name={sentence(finding)} />
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </ScrollArea>
      <p className={styles['note']}>{t('outliers.costNote')}</p>
    </section>
  )
}

/** Links to the visits of a finding and to the similar orders in the stage now. Order lists have no weekday filter. */
function FindingOrders({ finding, name }: { readonly finding: OutlierFinding; readonly name: string }) {
  const { t, count } = useAnalysisText()
  const { filters } = useAnalysisScope()
  const { process, stage, dimension, value, visits } = finding
  const chosen = dimension === 'weekday' ? {} : { [dimension]: [value] }
  const entered = dimension === 'weekday' ? { weekday: Number(value), entered: 'period' as const } : {}
  return (
    <>
      <VisitsLink
        visits={{ ...filters, stage, of: process, ...chosen, ...entered }}
        label={t('analysis.list.show', { count: visits, value: count(visits), name })}
      >
        {t('analysis.visits', { count: visits, value: count(visits) })}
      </VisitsLink>
      {dimension !== 'weekday' && (
        <>
          {' · '}
          <OrdersLink
            choice={{ status: 'open', ...filters, process: [process], stage, ...chosen }}
            label={t('analysis.openOrdersOf', { name })}
          >
            {t('analysis.openOrders')}
          </OrdersLink>
        </>
      )}
    </>
  )
}

/** Describes a finding as a sentence. */
function useSentence(): (finding: OutlierFinding) => string {
  const { t, nameOf, weekday, count, duration } = useAnalysisText()
  return ({ dimension, value, valueName, stageName, differenceMs, visits }) => {
    const what = {
      stage: nameOf(stageName),
      difference: duration(Math.abs(differenceMs)),
      n: count(visits),
    }
    const side = differenceMs > 0 ? 'longer' : 'shorter'
    if (dimension === 'weekday') {
      return t(`outliers.weekday.${side}`, { ...what, day: weekday(Number(value), 'long') })
    }
    const name = value === '' ? t('filters.unnamed') : valueName === undefined ? value : nameOf(valueName)
    return t(`outliers.value.${side}`, { ...what, dimension: t(`analysis.dimension.${dimension}`), value: name })
  }
}
