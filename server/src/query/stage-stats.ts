import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import type { StageStats } from '@stagewatch/shared/contract/stage-stats.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { StageCounts, StageLedger } from '../engine/stage-ledger.ts'
import type { StageStatistics } from '../engine/stage-statistics.ts'
import { inSlices } from './in-slices.ts'
import { chosenStages, isChosen, isNarrowed, visitFilter } from './visit-choice.ts'

/** About 0.5 ms of scanning. */
const rowsPerStep = 8_192

type OpenCounts = Pick<StageCounts, 'wip' | 'overdue' | 'atRisk'>

/** Statistics of every stage that the question is about, in the order of the processes. */
export async function stageStatistics(engine: LiveEngine, choice: Choice): Promise<StageStats[]> {
  const finished = await inSlices(
    engine.ended.finished.statisticsSlices(visitFilter(engine, choice), choice.clock ?? 'working', rowsPerStep),
  )
  const open = isNarrowed(choice) ? await inSlices(countOpen(engine, choice)) : undefined
  return chosenStages(engine, choice).map((stage) =>
    describe(stage, finished.get(stage.index), open === undefined ? stage.counts : open.get(stage)),
  )
}

/** The open visits of the chosen dimensions by stage; stages without one are missing. */
function* countOpen(engine: LiveEngine, choice: Choice): Generator<void, ReadonlyMap<StageLedger, OpenCounts>> {
  const counts = new Map<StageLedger, OpenCounts>()
  for (const { state, visit, ledger, status } of engine.open) {
    yield
    if (!isChosen(choice, state, visit)) continue
    let count = counts.get(ledger)
    if (count === undefined) counts.set(ledger, (count = { wip: 0, overdue: 0, atRisk: 0 }))
    count.wip += 1
    if (status.overdue) count.overdue += 1
    if (status.atRisk) count.atRisk += 1
  }
  return counts
}

function describe(
  { definition, process }: StageLedger,
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

function durations({ histogram, minMs, maxMs, breaches, visits }: StageStatistics): Partial<StageStats> {
  return {
    meanMs: histogram.mean,
    p50Ms: histogram.percentile(0.5),
    p90Ms: histogram.percentile(0.9),
    p99Ms: histogram.percentile(0.99),
    minMs,
    maxMs,
    breachRatio: breaches / visits,
  }
}
