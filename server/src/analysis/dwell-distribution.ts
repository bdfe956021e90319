import type { DwellAnswer, DwellQuery } from '@stagewatch/shared/contract/analysis.ts'
import { DwellHistogram } from '../engine/dwell-histogram.ts'
import { GroupTable } from '../engine/group-table.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { VisitScans } from '../engine/scans/visit-scans.ts'
import { maxStages } from '../engine/visit-columns.ts'
import { inSlices } from '../platform/in-slices.ts'
import { olderThan } from '../query/older-visits.ts'
import { openDwell } from '../query/open-dwell.ts'
import { analysisFilter, analysisPeriod, analysisStages, wholePeriod } from './analysis-period.ts'
import { binEdges, countedIn } from './dwell-bins.ts'

/**
 * Durations of the finished visits of a period, and current ages of the visits that are open now.
 * @throws AppError `invalid_field` if the period is invalid or too long.
 */
export async function dwellDistribution(
  engine: LiveEngine,
  query: DwellQuery,
  now: number,
  scans: VisitScans,
): Promise<Omit<DwellAnswer, 'asOf' | 'position'>> {
  const period = analysisPeriod(engine, query, now)
  const table = new GroupTable({
    kind: 'groups',
    dimension: 'stage',
    spans: wholePeriod(period).starts,
    maxRows: maxStages,
  })
  await scans.scan(table, engine.ended.finished, analysisFilter(engine, query, period), query.clock)
  const openNow = await inSlices(openDwell(engine, query, now))
  const stages = analysisStages(engine, query)
  const [finished, open] = [new DwellHistogram(), new DwellHistogram()]
  let [withTarget, breaches] = [0, 0]
  for (const [group] of table.groups.values()) {
    if (group === undefined) continue
    finished.merge(group.histogram)
    withTarget += group.withTarget
    breaches += group.breaches
  }
  for (const stage of stages) {
    const ages = openNow.get(stage)?.ages
    if (ages !== undefined) open.merge(ages)
  }
  const all = new DwellHistogram()
  all.merge(finished)
  all.merge(open)
  // Outliers would make all other bins too wide.
  const longest = all.percentile(query.scale === 'linear' ? 0.99 : 1) ?? 0
  const edges = binEdges(query.scale, all.percentile(0) ?? 0, longest)
  const [ofFinished, ofOpen] = [countedIn(edges, finished), countedIn(edges, open)]
  const targets = new Set(stages.map(({ definition }) => definition.targetMs))
  const [targetMs] = targets
  return {
    from: period.from,
    to: period.endsAt,
    bins: edges.map((fromMs, bin) => ({ fromMs, finished: ofFinished[bin] ?? 0, open: ofOpen[bin] ?? 0 })),
    visits: finished.count,
    ...percentiles(finished),
    judged: withTarget,
    breaches,
    ...(targets.size === 1 && targetMs !== undefined && { targetMs }),
    open: open.count,
    ...olderThan(engine, period.from),
  }
}

function percentiles(finished: DwellHistogram): Partial<DwellAnswer> {
  if (finished.count === 0) return {}
  const at = (q: number): number => finished.percentile(q) ?? 0
  return {
    meanMs: finished.mean,
    p50Ms: at(0.5),
    p75Ms: at(0.75),
    p90Ms: at(0.9),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
  }
}
