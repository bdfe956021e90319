import { SegmentedControl } from '@mantine/core'
import { maxFlowSpans, type FlowAnswer } from '@stagewatch/shared/contract/analysis.ts'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useMe } from '../../../api/session.ts'
import card from '../../../components/card.module.css'
import { TableButton } from '../../../components/chart/table-button.tsx'
import { AnalysisBoundary } from '../analysis-boundary.tsx'
import { useAnalysisScope } from '../analysis-scope.ts'
import styles from '../analysis.module.css'
import { flowQuery, useAnalysis } from '../api.ts'
import { NothingInPeriod } from '../nothing-in-period.tsx'
import { useAnalysisText } from '../use-analysis-text.ts'
import { StageSelect } from '../stage-select.tsx'
import { FlowChart } from './flow-chart.tsx'
import { FlowTable } from './flow-table.tsx'
import type { FlowSearch } from '../analysis-search.ts'

const hoursPerDay = 24
const dayMs = 86_400_000

/** Arrivals, departures and open orders of each stage. */
export function FlowPage() {
  const { t } = useAnalysisText()
  const { site } = useMe()
  const { question, days } = useAnalysisScope()
  const search: FlowSearch = useSearch({ from: '/shell/analysis/flow' })
  const navigate = useNavigate({ from: '/analysis/flow' })
  const change = (changed: Partial<FlowSearch>): void =>
    void navigate({ search: (previous) => ({ ...previous, ...changed }), resetScroll: false })
  const [isTable, setTable] = useState(false)
  const shownDays = (Date.parse(days.to) - Date.parse(days.from)) / dayMs + 1
  // A URL may ask for the hours of a whole year.
  const hasHours = shownDays * hoursPerDay <= maxFlowSpans
  const columns = hasHours ? search.columns : undefined
  const flow = useAnalysis(flowQuery(site, { ...question, columns }))
  return (
    <AnalysisBoundary analysis={flow}>
      {(answer) =>
        answer.stages.length === 0 ? (
          <NothingInPeriod title={t('analysis.flow.none')} text={t('analysis.noVisitsText')} />
        ) : (
          <div className={styles['page']}>
            <section className={card['card']} aria-labelledby="flow">
              <div className={styles['head']}>
                <h2 id="flow">{t('analysis.flow.title')}</h2>
                <StageChoice answer={answer} search={search} onChange={change} />
                <SegmentedControl
                  size="xs"
                  aria-label={t('analysis.flow.columns')}
                  value={columns ?? 'day'}
                  data={(['day', 'hour'] as const).map((value) => ({
                    value,
                    label: t(`analysis.flow.${value}`),
                    disabled: value === 'hour' && !hasHours,
                  }))}
                  onChange={(value) => change({ columns: value === 'hour' ? 'hour' : undefined })}
                />
                <TableButton isTable={isTable} onToggle={setTable} />
              </div>
              <FlowChart answer={answer} search={search} isHourly={columns === 'hour'} isTable={isTable} />
            </section>
            <FlowTable answer={answer} />
          </div>
        )
      }
    </AnalysisBoundary>
  )
}

interface StageChoiceProps {
  readonly answer: FlowAnswer
  readonly search: FlowSearch
  readonly onChange: (change: Partial<FlowSearch>) => void
}

function StageChoice({ answer, search, onChange }: StageChoiceProps) {
  const stages = useMemo(() => answer.stages.map(({ stage: key, ...rest }) => ({ ...rest, key })), [answer])
  return <StageSelect stages={stages} stage={search.stage} of={search.of} allowsAll onChange={onChange} />
}
