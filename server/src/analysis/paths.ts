import { hash } from 'node:crypto'
import { maxMoves, maxVariants } from '@stagewatch/shared/contract/analysis-paths.ts'
import type { PathsAnswer, PathVariant } from '@stagewatch/shared/contract/analysis-paths.ts'
import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { ProcessAggregates } from '../engine/process-aggregates.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { DwellClock } from '../engine/visit-columns.ts'
import { AppError } from '../platform/app-error.ts'
import { inSlices } from '../platform/in-slices.ts'
import { smallest } from '../platform/smallest.ts'
import { olderThan } from '../query/older-visits.ts'
import { analysisPeriod } from './analysis-period.ts'
import { PathCounts } from './path-counts.ts'
import type { WayCount } from './path-counts.ts'
import { isDeviating, PathRules } from './path-rules.ts'
import { readTraces } from './read-traces.ts'

export type PathsQuestion = Choice & { readonly clock: DwellClock }

/** Told by the first letters of a hash: of a way of 200 stages, the names would be too long for an address. */
const idLength = 16

/**
 * The ways of the orders of one process that were completed in a period, and which stages those under way have passed over.
 * @param now epoch ms.
 * @throws AppError `invalid_field` when the period is none or too long, `not_found` when the site has no process.
 */
export async function describePaths(
  engine: LiveEngine,
  question: PathsQuestion,
  now: number,
): Promise<Omit<PathsAnswer, 'asOf' | 'position'>> {
  const process = chosenProcess(engine, question.process)
  const { from, to, endsAt } = analysisPeriod(engine, question, now)
  const choice = { ...question, from, to, of: process.definition.code }
  const rules = new PathRules(process.definition, question.department)
  const counts = new PathCounts(rules, (stage) => engine.stage(stage).definition.code)
  await inSlices(
    readTraces(engine, { ...choice, status: 'completed' }, (trace, _, leadMs) => counts.add(trace, leadMs)),
  )
  await inSlices(readTraces(engine, { ...choice, status: 'open' }, (trace) => counts.add(trace, undefined)))
  counts.settle()
  const variants = variantsOf(engine, counts.ways)
  const told = smallest(variants, maxVariants, (a, b) => b.orders - a.orders)
  return {
    process: named(process),
    processes: [...engine.processes()].map(named),
    from,
    to: endsAt,
    orders: counts.orders,
    deviating: counts.deviatingOrders,
    stages: describeStages(process, counts, rules),
    ...describeMoves(engine, counts),
    variants: told.map(({ leadMs, ...variant }) => ({ ...variant, p50LeadMs: medianOf(leadMs) ?? 0 })),
    otherVariants: describeOthers(variants, told, counts.otherLeadMs),
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

/** The same for the same codes in the same order, in every process. */
export function variantId(codes: readonly string[]): string {
  return hash('sha256', JSON.stringify(codes)).slice(0, idLength)
}

function named({ definition: { code, name } }: ProcessAggregates): PathsAnswer['process'] {
  return { code, name }
}

/** The stages of the process, whether orders were there or not, and others in which they were. */
function describeStages(process: ProcessAggregates, counts: PathCounts, rules: PathRules): PathsAnswer['stages'] {
  const { stages: defined } = process.definition
  const positions = new Map(defined.map(({ code }, position) => [code, position]))
  return process.stages.flatMap(({ index, definition }: StageAggregates) => {
    const { code: stage, name, terminal, department } = definition
    const step = counts.steps.get(index)
    const position = positions.get(stage)
    const isSeen = rules.tells(department)
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

/** Ways that look the same to whoever asks are one. */
function variantsOf(engine: LiveEngine, ways: readonly WayCount[]): Variant[] {
  const alike = Map.groupBy(ways, ({ stages }) => stages.join())
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
  told: readonly Variant[],
  further: readonly number[],
): PathsAnswer['otherVariants'] {
  const isTold = new Set(told)
  const others = variants.filter((variant) => !isTold.has(variant))
  const leadMs = others.flatMap((variant) => variant.leadMs).concat(further)
  const p50LeadMs = medianOf(leadMs)
  return {
    orders: leadMs.length,
    ...(further.length === 0 && { variants: others.length }),
    ...(p50LeadMs !== undefined && { p50LeadMs }),
  }
}

/** Only of stages that whoever asks has seen an order in. */
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

/** By the nearest rank; undefined: there is none. */
function medianOf(values: readonly number[]): number | undefined {
  return Float64Array.from(values).toSorted()[Math.ceil(values.length / 2) - 1]
}
