import { hash } from 'node:crypto'
import { maxMoves, maxVariants } from '@stagewatch/shared/contract/analysis-paths.ts'
import type { PathsAnswer, PathVariant } from '@stagewatch/shared/contract/analysis-paths.ts'
import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { ProcessAggregates } from '../engine/process-aggregates.ts'
import { ScanWatch } from '../engine/scans/scan-watch.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { DwellClock } from '../engine/visit-columns.ts'
import { AppError } from '../platform/app-error.ts'
import { inSlices } from '../platform/in-slices.ts'
import { smallest } from '../platform/smallest.ts'
import { olderThan } from '../query/older-visits.ts'
import { analysisPeriod } from './analysis-period.ts'
import { PathCounts } from './path-counts.ts'
import type { PathCount } from './path-counts.ts'
import { isDeviating, PathRules } from './path-rules.ts'
import { readTraces } from './read-traces.ts'
import type { TraceChoice } from './read-traces.ts'

export type PathsQuestion = Choice & { readonly clock: DwellClock }

/** Length of the hash prefix that identifies a path: the names of a path of 200 stages would be too long for a URL. */
const idLength = 16

/**
 * The paths of orders of one process that were completed in a period, and the stages that open orders have skipped.
 * @param now epoch ms.
 * @throws AppError `invalid_field` if the period is invalid or too long, `not_found` if the site has no such process.
 */
export async function describePaths(
  engine: LiveEngine,
  question: PathsQuestion,
  now: number,
  watch = new ScanWatch(),
): Promise<Omit<PathsAnswer, 'asOf' | 'position'>> {
  const process = chosenProcess(engine, question.process)
  const { from, to, endsAt } = analysisPeriod(engine, question, now)
  const choice = { ...question, from, to, of: process.definition.code }
  const rules = new PathRules(process.definition, question.department)
  const counts = new PathCounts(rules, (stage) => engine.stage(stage).definition.code)
  const read = (status: TraceChoice['status']): Promise<void> =>
    inSlices(
      watch.whileWanted(readTraces(engine, { ...choice, status }, (trace, _, leadMs) => counts.add(trace, leadMs))),
    )
  await read('completed')
  await read('open')
  counts.settle()
  const variants = variantsOf(engine, counts.paths)
  const shown = smallest(variants, maxVariants, (a, b) => b.orders - a.orders)
  return {
    process: named(process),
    processes: [...engine.processes()].map(named),
    from,
    to: endsAt,
    orders: counts.orders,
    deviating: counts.deviatingOrders,
    stages: describeStages(process, counts, rules),
    ...describeMoves(engine, counts),
    variants: shown.map(({ leadMs, ...variant }) => ({ ...variant, p50LeadMs: medianOf(leadMs) ?? 0 })),
    otherVariants: describeOthers(variants, shown, counts.otherLeadMs),
    overReturned: describeReturns(engine, process, counts),
    ...olderThan(engine, from),
  }
}

/** @throws AppError `not_found` */
export function chosenProcess(engine: LiveEngine, codes: readonly string[] | undefined): ProcessAggregates {
  const visitsOf = ({ stages }: ProcessAggregates): number =>
    stages.reduce((sum, { visitCount }) => sum + visitCount, 0)
  const [process] = [...engine.processes()]
    .filter(({ definition }) => codes?.includes(definition.code) ?? true)
    .toSorted((a, b) => visitsOf(b) - visitsOf(a))
  if (process === undefined) throw new AppError('not_found', 'there is no such process', { field: 'process' })
  return process
}

/** Equal for the same codes in the same order, in every process. */
export function variantId(codes: readonly string[]): string {
  return hash('sha256', JSON.stringify(codes)).slice(0, idLength)
}

function named({ definition: { code, name } }: ProcessAggregates): PathsAnswer['process'] {
  return { code, name }
}

/** The stages of the process, visited or not, and other stages that its orders visited. */
function describeStages(process: ProcessAggregates, counts: PathCounts, rules: PathRules): PathsAnswer['stages'] {
  const { stages: defined } = process.definition
  const positions = new Map(defined.map(({ code }, position) => [code, position]))
  return process.stages.flatMap(({ index, definition }: StageAggregates) => {
    const { code: stage, name, terminal, department } = definition
    const step = counts.steps.get(index)
    const position = positions.get(stage)
    const isSeen = rules.isVisible(department)
    if ((position === undefined || !isSeen) && (step?.visits ?? 0) === 0) return []
    const p50Ms = step?.dwell.percentile(0.5)
    const { orders: skipped = 0, openOrders: skippedOpen = 0 } = counts.skipped.get(stage) ?? {}
    return {
      stage,
      name,
      visits: step?.visits ?? 0,
      orders: step?.orders ?? 0,
      returned: step?.returned ?? 0,
      begins: step?.begins ?? 0,
      ends: step?.ends ?? 0,
      ...(position !== undefined && { position }),
      ...(terminal && { terminal }),
      ...(p50Ms !== undefined && { p50Ms }),
      ...(isSeen && position !== undefined && { skipped, skippedOpen }),
    }
  })
}

function describeMoves(engine: LiveEngine, counts: PathCounts): Pick<PathsAnswer, 'moves' | 'otherMoves'> {
  const all = [...counts.moves].filter(({ moves }) => moves > 0).toSorted((a, b) => b.moves - a.moves)
  return {
    moves: all.slice(0, maxMoves).map(({ from, to, kind, moves, orders, gap }) => ({
      from: engine.stage(from).definition.code,
      to: engine.stage(to).definition.code,
      kind,
      moves,
      orders,
      p50GapMs: gap.percentile(0.5) ?? 0,
    })),
    otherMoves: all.slice(maxMoves).reduce((sum, { moves }) => sum + moves, 0),
  }
}

type Variant = Omit<PathVariant, 'p50LeadMs'> & { readonly leadMs: readonly number[] }

/** Merges paths that look the same to the caller. */
function variantsOf(engine: LiveEngine, paths: readonly PathCount[]): Variant[] {
  const alike = Map.groupBy(paths, ({ stages }) => stages.join())
  return [...alike.values()].map((same) => {
    const stages = (same[0]?.stages ?? []).map((stage) => engine.stage(stage).definition.code)
    return {
      id: variantId(stages),
      stages,
      orders: same.reduce((sum, { orders }) => sum + orders, 0),
      leadMs: same.flatMap(({ leadMs }) => leadMs),
      deviates: same.some(({ deviations }) => isDeviating(deviations)),
    }
  })
}

function describeOthers(
  variants: readonly Variant[],
  shown: readonly Variant[],
  further: readonly number[],
): PathsAnswer['otherVariants'] {
  const isShown = new Set(shown)
  const others = variants.filter((variant) => !isShown.has(variant))
  const leadMs = others.flatMap((variant) => variant.leadMs).concat(further)
  const p50LeadMs = medianOf(leadMs)
  return {
    orders: leadMs.length,
    ...(further.length === 0 && { variants: others.length }),
    ...(p50LeadMs !== undefined && { p50LeadMs }),
  }
}

/** Only for stages in which the caller has seen an order. */
function describeReturns(
  engine: LiveEngine,
  process: ProcessAggregates,
  { steps, overReturned }: PathCounts,
): PathsAnswer['overReturned'] {
  const seen = new Set([...steps.keys()].map((stage) => engine.stage(stage).definition.code))
  const { paths = [] } = process.definition
  return paths.flatMap(({ from, to, maxTimes }) => {
    if (maxTimes === undefined || !seen.has(from) || !seen.has(to)) return []
    const found = [...overReturned].find(([path]) => path.from === from && path.to === to)
    return { from, to, maxTimes, orders: found?.[1] ?? 0 }
  })
}

/** Nearest-rank median. Undefined if there are no values. */
function medianOf(values: readonly number[]): number | undefined {
  return Float64Array.from(values).toSorted()[Math.ceil(values.length / 2) - 1]
}
