import { SegmentedControl } from '@mantine/core'
import { compareAnswer, type CompareAnswer } from '@stagewatch/shared/contract/analysis-compare.ts'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMe } from '../../../api/session.ts'
import card from '../../../components/card.module.css'
import { EmptyState } from '../../../components/empty-state.tsx'
import { dateIn } from '../../../format/time-zone.ts'
import { AnalysisBoundary } from '../analysis-boundary.tsx'
import { useAnalysisScope } from '../analysis-scope.ts'
import styles from '../analysis.module.css'
import { analysisQuery, useAnalysis } from '../api.ts'
import { NothingInPeriod } from '../nothing-in-period.tsx'
import { useAnalysisText } from '../use-analysis-text.ts'
import { comparedDays, compareMeasures, periodsAsked, type ComparedDays, type CompareSearch } from './compare-search.ts'
import { ComparisonTable, type ComparedRow } from './comparison-table.tsx'
import own from './compare.module.css'
import { ClockField } from '../../../components/form/clock-field.tsx'
import { isDay } from '../../../format/typed-clock.ts'

/** Shows whether something has improved: compares the days of the page with an earlier, similar period. */
export function ComparePage() {
  const { t } = useAnalysisText()
  const { days, now, timeZone } = useAnalysisScope()
  const search: CompareSearch = useSearch({ from: '/shell/analysis/compare' })
  const compared = comparedDays(search, days, dateIn(now, timeZone))
  if (compared === undefined) {
    return (
      <EmptyState title={t('compare.noDay')}>
        <p>{t('compare.noDayText')}</p>
      </EmptyState>
    )
  }
  return <Compared days={compared} search={search} />
}

function Compared({ days, search }: { readonly days: ComparedDays; readonly search: CompareSearch }) {
  const { t } = useAnalysisText()
  const { site } = useMe()
  const { filters, timeZone } = useAnalysisScope()
  const navigate = useNavigate({ from: '/analysis/compare' })
  const change = (changed: Partial<CompareSearch>): void =>
    void navigate({ search: (previous) => ({ ...previous, ...changed }), resetScroll: false })
  const comparison = useAnalysis(
    analysisQuery(site, 'compare', compareAnswer, { ...filters, ...periodsAsked(days, timeZone) }),
  )
  return (
    <div className={styles['page']}>
      <section className={card['card']} aria-labelledby="compare-days">
        <div className={styles['head']}>
          <h2 id="compare-days">{t('compare.days')}</h2>
          <ClockField
            kind="date"
            size="xs"
            className={own['date']}
            label={t('compare.beforeFrom')}
            value={days.before.from}
            max={days.before.to}
            onChange={(value) => isDay(value) && change({ beforeFrom: value })}
          />
          <ClockField
            kind="date"
            size="xs"
            className={own['date']}
            label={t('compare.beforeTo')}
            value={days.before.to}
            min={days.before.from}
            onChange={(value) => isDay(value) && change({ beforeTo: value, beforeFrom: days.before.from })}
          />
          {(search.beforeFrom ?? search.beforeTo) !== undefined && (
            <Link
              from="/analysis/compare"
              to="/analysis/compare"
              search={(previous) => ({ ...previous, beforeFrom: undefined, beforeTo: undefined })}
            >
              {t('compare.previous')}
            </Link>
          )}
        </div>
        <p className={styles['note']}>
          {t('compare.against', {
            from: days.after.from,
            to: days.after.to,
            first: days.before.from,
            last: days.before.to,
          })}
        </p>
      </section>
      <AnalysisBoundary analysis={comparison}>
        {(answer) => <Figures answer={answer} search={search} onChange={change} />}
      </AnalysisBoundary>
    </div>
  )
}

interface FiguresProps {
  readonly answer: CompareAnswer
  readonly search: CompareSearch
  readonly onChange: (change: Partial<CompareSearch>) => void
}

const kinds = { medianMs: 'duration', meanMs: 'duration', breachRatio: 'share', perDay: 'number' } as const

function Figures({ answer, search: { measure = 'medianMs', beforeFrom, beforeTo }, onChange }: FiguresProps) {
  const { t, nameOf, count } = useAnalysisText()
  const { before, after, matchedDays, orders, stages } = answer
  const ofOrders = (['leadMedianMs', 'leadMeanMs', 'perDay'] as const).map((figure): ComparedRow => {
    const kind = figure === 'perDay' ? 'number' : 'duration'
    return { key: figure, name: t(`compare.orders.${figure}`), kind, comparison: orders[figure] }
  })
  const ofStages = stages.map((stage): ComparedRow => ({
    key: `${stage.process} ${stage.stage}`,
    name: nameOf(stage.name),
    kind: kinds[measure],
    comparison: stage[measure],
    visits: (side) => ({ stage: stage.stage, of: stage.process, side, beforeFrom, beforeTo }),
  }))
  if (stages.length === 0) return <NothingInPeriod title={t('analysis.noVisits')} text={t('analysis.noVisitsText')} />
  return (
    <>
      <p className={styles['note']}>
        {t('compare.matched', { count: matchedDays, value: count(matchedDays) })}{' '}
        {t('compare.leftOut', {
          before: count(before.days - matchedDays),
          after: count(after.days - matchedDays),
          closed: count(before.closed + after.closed),
        })}
      </p>
      <section className={card['card']} aria-labelledby="compare-orders">
        <h2 id="compare-orders" className={card['title']}>
          {t('compare.ordersTitle')}
        </h2>
        <ComparisonTable title={t('compare.ordersTitle')} rows={ofOrders} />
      </section>
      <section className={card['card']} aria-labelledby="compare-stages">
        <div className={styles['head']}>
          <h2 id="compare-stages">{t('compare.stagesTitle')}</h2>
          <SegmentedControl
            size="xs"
            aria-label={t('compare.measureLabel')}
            value={measure}
            data={compareMeasures.map((value) => ({ value, label: t(`compare.measure.${value}`) }))}
            onChange={(value) => onChange({ measure: compareMeasures.find((each) => each === value) })}
          />
        </div>
        <ComparisonTable title={t('compare.stagesTitle')} rows={ofStages} />
        <p className={styles['note']}>{t('compare.note')}</p>
      </section>
    </>
  )
}
