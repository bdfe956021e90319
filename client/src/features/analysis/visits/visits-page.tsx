import { visitsAnswer, type VisitsAnswer } from '@stagewatch/shared/contract/analysis-visits.ts'
import { Link, useSearch } from '@tanstack/react-router'
import { useMe } from '../../../api/session.ts'
import card from '../../../components/card.module.css'
import { DataTable, type Column } from '../../../components/data-table.tsx'
import { instantText } from '../../../format/instant-text.ts'
import { dateIn } from '../../../format/time-zone.ts'
import { AnalysisBoundary } from '../analysis-boundary.tsx'
import { useAnalysisScope } from '../analysis-scope.ts'
import styles from '../analysis.module.css'
import { analysisQuery, useAnalysis } from '../api.ts'
import { NothingInPeriod } from '../nothing-in-period.tsx'
import { comparedDays, periodsAsked } from '../compare/compare-search.ts'
import { useAnalysisText } from '../use-analysis-text.ts'
import type { VisitsSearch } from '../analysis-search.ts'

/** The finished visits behind a number, longest first. */
export function VisitsPage() {
  const { site } = useMe()
  const search: VisitsSearch = useSearch({ from: '/shell/analysis/visits' })
  const { question, filters, days, now, timeZone } = useAnalysisScope()
  const { of, beforeFrom, beforeTo, side, ...visits } = search
  const today = dateIn(now, timeZone)
  const compared = side === undefined ? undefined : comparedDays({ beforeFrom, beforeTo }, days, today)
  const analysis = useAnalysis(
    analysisQuery(site, 'visits', visitsAnswer, {
      ...(compared === undefined ? question : { ...filters, side, ...periodsAsked(compared, timeZone) }),
      ...visits,
      ...(of !== undefined && { process: [of] }),
    }),
  )
  return (
    <AnalysisBoundary analysis={analysis}>{(answer) => <VisitList answer={answer} search={search} />}</AnalysisBoundary>
  )
}

interface VisitListProps {
  readonly answer: VisitsAnswer
  readonly search: VisitsSearch
}

type Visit = VisitsAnswer['visits'][number]

function VisitList({ answer, search: { weekday: day, hourOfDay, side, offset = 0 } }: VisitListProps) {
  const { t, nameOf, weekday, count, duration, language } = useAnalysisText()
  const { now } = useAnalysisScope()
  const { stageName, visits, total, nextOffset } = answer
  const title =
    stageName === undefined ? t('analysis.list.titleAll') : t('analysis.list.title', { stage: nameOf(stageName) })
  const narrowed = [
    t('analysis.visits', { count: total, value: count(total) }),
    ...(day === undefined ? [] : [t('analysis.list.ofWeekday', { day: weekday(day, 'long') })]),
    ...(hourOfDay === undefined
      ? []
      : [t('analysis.list.ofHour', { hour: `${String(hourOfDay).padStart(2, '0')}:00` })]),
    ...(side === undefined ? [] : [t(`analysis.list.${side}`)]),
  ]
  if (visits.length === 0) {
    return (
      <section className={card['card']} aria-labelledby="visits">
        <h2 id="visits" className={card['title']}>
          {title}
        </h2>
        <p className={styles['note']}>{narrowed.join(' · ')}</p>
        <NothingInPeriod title={t('analysis.noVisits')} text={t('analysis.noVisitsText')} isInCard />
      </section>
    )
  }
  const shown: readonly Column<Visit>[] = [
    {
      title: t('analysis.list.order'),
      kind: 'name',
      renderCell: ({ order }) => (
        <Link to="/orders/$order" params={{ order }}>
          {order}
        </Link>
      ),
    },
    ...(stageName === undefined
      ? [{ title: t('analysis.list.stage'), renderCell: ({ stageName: of }: Visit) => nameOf(of) }]
      : []),
    {
      title: t('analysis.list.entered'),
      kind: 'time',
      renderCell: (visit) => instantText(visit.enteredAt, now, language),
    },
    { title: t('analysis.list.left'), kind: 'time', renderCell: ({ leftAt }) => instantText(leftAt, now, language) },
    { title: t('analysis.list.dwell'), kind: 'time', renderCell: ({ dwellMs }) => duration(dwellMs) },
    {
      title: t('analysis.list.remarks'),
      renderCell: ({ breached, rework }) =>
        [...(breached ? [t('analysis.list.breached')] : []), ...(rework ? [t('analysis.list.rework')] : [])].join(
          ' · ',
        ),
    },
  ]
  return (
    <DataTable
      id="visits"
      title={title}
      note={narrowed.join(' · ')}
      columns={shown}
      rows={visits}
      rowKey={({ order, stageName: of, enteredAt, leftAt }) => `${order} ${nameOf(of)} ${enteredAt} ${leftAt}`}
      footer={
        (offset > 0 || nextOffset !== undefined) && (
          <p className={styles['pages']}>
            {offset > 0 && <PageLink offset={undefined} text={t('paths.list.first')} />}
            {nextOffset !== undefined && <PageLink offset={nextOffset} text={t('paths.list.next')} />}
          </p>
        )
      }
    />
  )
}

function PageLink({ offset, text }: { readonly offset: number | undefined; readonly text: string }) {
  return (
    <Link from="/analysis/visits" to="/analysis/visits" search={(previous) => ({ ...previous, offset })}>
      {text}
    </Link>
  )
}
