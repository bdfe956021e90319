import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import type { StageStats } from '@stagewatch/shared/contract/stage-stats.ts'
import { kaplanMeierPercentiles } from '@stagewatch/shared/domain/kaplan-meier.ts'
import { DwellHistogram } from '../engine/dwell-histogram.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { StageCounts, StageAggregates } from '../engine/stage-aggregates.ts'
import type { StageStatistics } from '../engine/stage-statistics.ts'
import { StageTable } from '../engine/stage-table.ts'
import { directScans } from '../engine/scans/visit-scans.ts'
import { inSlices } from '../platform/in-slices.ts'
import { openDwell } from './open-dwell.ts'
import type { OpenDwell } from './open-dwell.ts'
import { chosenStages, isNarrowed, visitFilter } from './visit-choice.ts'

type OpenCounts = Pick<StageCounts, 'wip' | 'overdue' | 'atRisk'>

/**
 * Statistics of every stage that the query selects, in process order.
 * @param now undefined: ages of open orders are omitted.
 */
export async function stageStatistics(
  engine: LiveEngine,
  choice: Choice,
  now?: number,
  scans = directScans,
): Promise<StageStats[]> {
  const table = new StageTable()
  await scans.scan(table, engine.ended.finished, visitFilter(engine, choice), choice.clock ?? 'working')
  const finished = table.stages
  const narrowed = isNarrowed(choice)
  const open = narrowed || now !== undefined ? await inSlices(openDwell(engine, choice, now)) : undefined
  // Currently open orders are not comparable with visits of a period that ended earlier; and for a period with a start,
  // the ages of its visits at that time are unknown.
  const goesOn = now !== undefined && choice.from === undefined && (choice.to === undefined || choice.to > now)
  return chosenStages(engine, choice).map((stage) => {
    const ofStage = finished.get(stage.index)
    const openOfStage = open?.get(stage)
    return {
      ...describe(stage, ofStage, narrowed ? openOfStage : stage.counts),
      ...(openOfStage !== undefined && now !== undefined && ages(openOfStage)),
      ...(goesOn && dwellWithOpen(ofStage?.histogram, openOfStage?.ages ?? new DwellHistogram())),
    }
  })
}

function describe(
  { definition, process }: StageAggregates,
  finished: StageStatistics | undefined,
  open: OpenCounts | undefined,
): StageStats {
  const { targetMs } = definition
  return {
    stage: definition.code,
    name: definition.name,
    process,
    visits: finished?.visits ?? 0,
    orders: finished?.orders ?? 0,
    wip: open?.wip ?? 0,
    overdue: open?.overdue ?? 0,
    atRisk: open?.atRisk ?? 0,
    rework: finished?.rework ?? 0,
    breaches: finished?.breaches ?? 0,
    ...(targetMs !== undefined && { targetMs }),
    ...(finished !== undefined && durations(finished)),
  }
}

function durations({ histogram, minMs, maxMs, withTarget, breaches, visits }: StageStatistics): Partial<StageStats> {
  return {
    meanMs: histogram.mean,
    p50Ms: histogram.percentile(0.5),
    p90Ms: histogram.percentile(0.9),
    p99Ms: histogram.percentile(0.99),
    minMs,
    maxMs,
    ...(withTarget > 0 && { breachRatio: breaches / visits }),
  }
}

function ages({ ages: { mean }, maxMs }: OpenDwell): Partial<StageStats> {
  return { openMeanMs: mean, openMaxMs: maxMs }
}

/** Percentiles of the dwell of finished and open visits together; lower bounds if too many visits are open. */
function dwellWithOpen(
  finished: DwellHistogram | undefined,
  open: DwellHistogram,
): Pick<StageStats, 'p50WithOpenMs' | 'p90WithOpenMs' | 'p50AtLeastMs' | 'p90AtLeastMs'> {
  const [p50, p90] = kaplanMeierPercentiles(finished?.durations ?? [], open.durations, [0.5, 0.9])
  const all = new DwellHistogram()
  if (finished !== undefined) all.merge(finished)
  all.merge(open)
  const [least50, least90] = [all.percentile(0.5), all.percentile(0.9)]
  return {
    ...(p50 !== undefined && { p50WithOpenMs: p50 }),
    ...(p90 !== undefined && { p90WithOpenMs: p90 }),
    ...(p50 === undefined && least50 !== undefined && { p50AtLeastMs: least50 }),
    ...(p90 === undefined && least90 !== undefined && { p90AtLeastMs: least90 }),
  }
}
