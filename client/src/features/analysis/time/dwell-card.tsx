import { SegmentedControl } from '@mantine/core'
import { fewVisits, type DwellAnswer, type TimeRow } from '@stagewatch/shared/contract/analysis.ts'
import { BarChart, LineChart } from 'echarts/charts'
import { MarkLineComponent } from 'echarts/components'
import { use } from 'echarts/core'
import { useState } from 'react'
import { useMe } from '../../../api/session.ts'
import card from '../../../components/card.module.css'
import { Chart } from '../../../components/chart/chart.tsx'
import { useChartColours } from '../../../components/chart/chart-colours.ts'
import { TableButton } from '../../../components/chart/table-button.tsx'
import { OrdersLink } from '../../../components/order/orders-link.tsx'
import { ScrollArea } from '../../../components/scroll-area.tsx'
import { AnalysisBoundary } from '../analysis-boundary.tsx'
import { useAnalysisScope } from '../analysis-scope.ts'
import styles from '../analysis.module.css'
import { dwellQuery, useAnalysis } from '../api.ts'
import { useAnalysisText } from '../use-analysis-text.ts'
import { dwellOption } from './dwell-option.ts'
import { StageSelect } from '../stage-select.tsx'
import type { TimeSearch } from '../analysis-search.ts'

use([BarChart, LineChart, MarkLineComponent])

interface DwellCardProps {
  /** Stages with visits in the period, the one with the most time first. */
  readonly stages: readonly TimeRow[]
  readonly search: TimeSearch
  readonly onChange: (change: Partial<TimeSearch>) => void
}

/** Distribution of the visits of one stage: the chosen one, or else the one with the most time. */
export function DwellCard({ stages, search, onChange }: DwellCardProps) {
  const { t } = useAnalysisText()
  const { site } = useMe()
  const { question } = useAnalysisScope()
  const [isTable, setTable] = useState(false)
  const [stage, of] = search.stage === undefined ? [stages[0]?.key, stages[0]?.process] : [search.stage, search.of]
  const { clock, scale } = search
  const dwell = useAnalysis(
    dwellQuery(site, { ...question, ...(of !== undefined && { process: of }), stage, clock, scale }),
  )
  return (
    <section className={card['card']} aria-labelledby="dwell">
      <div className={styles['head']}>
        <h2 id="dwell">{t('analysis.dwell.title')}</h2>
        <StageSelect stages={stages} stage={stage} of={of} allowsAll={false} onChange={onChange} />
        <SegmentedControl
          size="xs"
          aria-label={t('analysis.dwell.scale')}
          value={scale ?? 'log'}
          data={(['log', 'linear'] as const).map((value) => ({ value, label: t(`analysis.dwell.${value}`) }))}
          onChange={(value) => onChange({ scale: value === 'linear' ? 'linear' : undefined })}
        />
        <TableButton isTable={isTable} onToggle={setTable} />
      </div>
      <AnalysisBoundary analysis={dwell} isInCard>
        {(answer) => <Distribution answer={answer} stage={stage} process={of} isTable={isTable} />}
      </AnalysisBoundary>
    </section>
  )
}

interface DistributionProps {
  readonly answer: DwellAnswer
  readonly stage: string | undefined
  readonly process: string | undefined
  readonly isTable: boolean
}

const percentiles = ['p50', 'p75', 'p90', 'p95', 'p99'] as const

function Distribution({ answer, stage, process, isTable }: DistributionProps) {
  const { t, count, duration, share, span } = useAnalysisText()
  const { filters } = useAnalysisScope()
  const colours = useChartColours()
  const { bins, visits, open, targetMs, judged, breaches } = answer
  const isFew = visits < fewVisits
  const limit = targetMs === undefined ? undefined : t('analysis.dwell.limit', { value: duration(targetMs) })
  const edges = bins.map(({ fromMs }) => span(fromMs))
  const ranges = bins.map((_, place) =>
    place === bins.length - 1
      ? t('analysis.dwell.from', { from: edges[place] })
      : t('analysis.dwell.range', { from: edges[place], to: edges[place + 1] }),
  )
  const columns = [t('analysis.dwell.finished'), t('analysis.dwell.open')]
  return (
    <>
      <dl className={styles['figures']}>
        {percentiles.map((name) => (
          <div key={name} data-few={isFew || undefined}>
            <dt>{t(`analysis.dwell.${name}`)}</dt>
            <dd>{duration(answer[`${name}Ms`])}</dd>
          </div>
        ))}
        <div>
          <dt>{t('analysis.column.visits')}</dt>
          <dd>{count(visits)}</dd>
        </div>
        {judged > 0 && (
          <div data-few={isFew || undefined}>
            <dt>{t('analysis.column.over')}</dt>
            <dd>{share(breaches, judged)}</dd>
          </div>
        )}
        <div>
          <dt>{t('analysis.dwell.open')}</dt>
          <dd>
            <OrdersLink
              choice={{
                status: 'open',
                sort: 'dwell',
                ...filters,
                ...(process !== undefined && { process: [process] }),
                stage,
              }}
            >
              {count(open)}
            </OrdersLink>
          </dd>
        </div>
      </dl>
      {isFew && <p className={styles['note']}>{t('analysis.fewVisits', { count: visits, value: count(fewVisits) })}</p>}
      {isTable ? (
        <ScrollArea label={t('analysis.dwell.title')} className={styles['scroll']}>
          <table className={styles['table']}>
            <thead>
              <tr>
                <th scope="col">{t('analysis.dwell.time')}</th>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {bins.map(({ fromMs, finished, open: still }, place) => (
                <tr key={fromMs}>
                  <th scope="row">{ranges[place]}</th>
                  <td>{count(finished)}</td>
                  <td>{count(still)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      ) : (
        <>
          <Chart
            option={dwellOption(answer, { edges, count, limit }, colours)}
            className={styles['chart'] ?? ''}
            table={{
              caption: t('analysis.dwell.summary', {
                visits: count(visits),
                p50: duration(answer.p50Ms),
                p90: duration(answer.p90Ms),
              }),
              columns,
              rows: bins.map(({ finished, open: still }, place) => ({
                label: ranges[place] ?? '',
                cells: [count(finished), count(still)],
              })),
            }}
          />
          <p className={styles['note']}>{t('analysis.dwell.legend')}</p>
        </>
      )}
    </>
  )
}
