import { setImmediate as nextTurn } from 'node:timers/promises'
import type { StageStats, StatsQuery } from '@stagewatch/shared/contract/stage-stats.ts'
import type { Dictionary } from '../engine/dictionary.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import type { StageLedger } from '../engine/stage-ledger.ts'
import type { StageStatistics } from '../engine/stage-statistics.ts'
import type { VisitFilter } from '../engine/visit-filter.ts'

/** About 10 ms of scanning: screens and senders wait no longer than that for a question. */
const rowsPerSlice = 200_000

type Choice = Pick<StatsQuery, 'from' | 'to' | 'process' | 'department' | 'customer' | 'product'>

/** Statistics of every stage that the question is about, in the order of the processes. */
export async function stageStatistics(engine: LiveEngine, choice: Choice): Promise<StageStats[]> {
  const stages = [...engine.processes()]
    .filter((process) => choice.process?.includes(process.definition.code) ?? true)
    .flatMap((process) => process.stages)
  const finished = await scan(engine, visitFilter(engine, choice, stages))
  const open = Map.groupBy(openVisits(engine, choice), (visit) => visit.ledger)
  return stages.map((stage) => describe(stage, finished.get(stage.index), open.get(stage) ?? []))
}

async function scan(engine: LiveEngine, filter: VisitFilter): Promise<ReadonlyMap<number, StageStatistics>> {
  const slices = engine.finished.statisticsSlices(filter, rowsPerSlice)
  for (;;) {
    const slice = slices.next()
    if (slice.done === true) return slice.value
    await nextTurn()
  }
}

function visitFilter(engine: LiveEngine, choice: Choice, stages: readonly StageLedger[]): VisitFilter {
  return {
    ...(choice.from !== undefined && { fromMs: Date.parse(choice.from) }),
    ...(choice.to !== undefined && { toMs: Date.parse(choice.to) }),
    ...(choice.process && { stages: new Set(stages.map((stage) => stage.index)) }),
    ...(choice.department && { departments: ids(engine.departments, choice.department) }),
    ...(choice.customer && { customers: ids(engine.customers, choice.customer) }),
    ...(choice.product && { products: ids(engine.products, choice.product) }),
  }
}

/** A name that no visit has ever had is in no dictionary and matches nothing. */
function ids(dictionary: Dictionary, names: readonly string[]): ReadonlySet<number> {
  return new Set(names.flatMap((name) => dictionary.find(name) ?? []))
}

function* openVisits(engine: LiveEngine, { department, customer, product }: Choice): Generator<OpenVisit> {
  for (const open of engine.open) {
    const { facts } = open.state
    if (department?.includes(open.visit.department ?? facts.department ?? '') === false) continue
    if (customer?.includes(facts.customer ?? '') === false) continue
    if (product?.includes(facts.product ?? '') === false) continue
    yield open
  }
}

function describe(
  { definition, process }: StageLedger,
  finished: StageStatistics | undefined,
  open: readonly OpenVisit[],
): StageStats {
  const { targetMs } = definition
  return {
    stage: definition.code,
    name: definition.name,
    process,
    visits: finished?.visits ?? 0,
    orders: finished?.orders ?? 0,
    wip: open.length,
    overdue: open.filter(({ status }) => status.overdue).length,
    atRisk: open.filter(({ status }) => status.atRisk).length,
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
