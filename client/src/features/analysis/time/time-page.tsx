import { NativeSelect, SegmentedControl } from '@mantine/core'
import { timeDimensions } from '@stagewatch/shared/contract/analysis.ts'
import { customerDimensions } from '@stagewatch/shared/contract/choice.ts'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMe } from '../../../api/session.ts'
import card from '../../../components/card.module.css'
import { AnalysisBoundary } from '../analysis-boundary.tsx'
import { useAnalysisScope } from '../analysis-scope.ts'
import styles from '../analysis.module.css'
import { partsQuery, timeQuery, useAnalysis } from '../api.ts'
import { NothingInPeriod } from '../nothing-in-period.tsx'
import { useAnalysisText } from '../use-analysis-text.ts'
import { PartsCard } from './parts-card.tsx'
import { DwellCard } from './dwell-card.tsx'
import { StageSelect } from '../stage-select.tsx'
import { TimeTable } from './time-table.tsx'
import type { TimeSearch } from '../analysis-search.ts'

/** The stages, departments or orders that took the time, and the distribution within a stage. */
export function TimePage() {
  const { t } = useAnalysisText()
  const { site } = useMe()
  const { question, showsCustomers } = useAnalysisScope()
  const search: TimeSearch = useSearch({ from: '/shell/analysis/' })
  const navigate = useNavigate({ from: '/analysis' })
  const change = (changed: Partial<TimeSearch>): void =>
    void navigate({ search: (previous) => ({ ...previous, ...changed }), resetScroll: false })
  const { rows = 'stage', clock, stage, of } = search
  const within = stage === undefined ? {} : { stage, ...(of !== undefined && { process: of }) }
  const { query: stages } = useAnalysis(timeQuery(site, { ...question, clock, top: 100 }))
  const asked = { ...question, clock, rows, ...(rows !== 'stage' && within) }
  const ofRows = rows === 'stage' ? { ...asked, rows: undefined, top: 100 } : asked
  const spent = useAnalysis(timeQuery(site, ofRows))
  const parts = useAnalysis(partsQuery(site, ofRows))
  return (
    <div className={styles['page']}>
      <section className={card['card']} aria-labelledby="time-spent">
        <div className={styles['head']}>
          <h2 id="time-spent">{t('analysis.time.title')}</h2>
          <SegmentedControl
            size="xs"
            aria-label={t('analysis.clock.label')}
            value={clock ?? 'working'}
            data={(['working', 'elapsed'] as const).map((value) => ({ value, label: t(`analysis.clock.${value}`) }))}
            onChange={(value) => change({ clock: value === 'elapsed' ? 'elapsed' : undefined })}
          />
          <NativeSelect
            size="xs"
            aria-label={t('analysis.time.rowsLabel')}
            value={rows}
            data={timeDimensions
              .filter((value) => showsCustomers || !customerDimensions.includes(value))
              .map((value) => ({
                value,
                label: t('analysis.time.rowsBy', { what: t(`analysis.dimension.${value}`) }),
              }))}
            onChange={({ currentTarget }) => {
              const chosen = timeDimensions.find((value) => value === currentTarget.value)
              change({ rows: chosen === 'stage' ? undefined : chosen, sort: undefined })
            }}
          />
          {rows !== 'stage' && (
            <StageSelect stages={stages.data?.rows ?? []} stage={stage} of={of} allowsAll onChange={change} />
          )}
        </div>
        <AnalysisBoundary analysis={spent} isInCard>
          {(answer) =>
            answer.total.visits === 0 ? (
              <NothingInPeriod title={t('analysis.noVisits')} text={t('analysis.noVisitsText')} isInCard />
            ) : (
              <TimeTable answer={answer} search={search} rows={rows} onChange={change} />
            )
          }
        </AnalysisBoundary>
      </section>
      {spent.query.data !== undefined && spent.query.data.total.visits > 0 && (
        <PartsCard analysis={parts} rows={rows} search={search} />
      )}
      {stages.data !== undefined && stages.data.rows.length > 0 && (
        <DwellCard stages={stages.data.rows} search={search} onChange={change} />
      )}
    </div>
  )
}
