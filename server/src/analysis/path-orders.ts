import { pathOrdersPerPage } from '@stagewatch/shared/contract/analysis-paths.ts'
import type { PathOrdersAnswer, PathOrdersQuery } from '@stagewatch/shared/contract/analysis-paths.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import type { EngineOrder } from '../engine/engine-order.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { ScanWatch } from '../engine/scans/scan-watch.ts'
import { AppError } from '../platform/app-error.ts'
import { inSlices } from '../platform/in-slices.ts'
import { olderThan } from '../query/older-visits.ts'
import { summarize } from '../query/order-summary.ts'
import { viewOfSummary } from '../query/private-order.ts'
import { representativeVisit } from '../query/representative-visit.ts'
import { analysisPeriod } from './analysis-period.ts'
import type { OrderTrace } from './order-trace.ts'
import { PathRules } from './path-rules.ts'
import { chosenProcess, variantId } from './paths.ts'
import { readTraces } from './read-traces.ts'

/**
 * A page of the orders behind a figure of the path analysis.
 * @param now epoch ms.
 * @throws AppError `invalid_field` unless the query selects one figure, `not_found` if there is no such process.
 */
export async function listPathOrders(
  engine: LiveEngine,
  query: PathOrdersQuery,
  audience: Audience,
  now: number,
  watch = new ScanWatch(),
): Promise<Omit<PathOrdersAnswer, 'asOf' | 'position'>> {
  const process = chosenProcess(engine, query.process)
  const { code, name } = process.definition
  const { from, to } = analysisPeriod(engine, query, now)
  const rules = new PathRules(process.definition, query.department)
  const matches = matcherOf(query, rules, (stage) => engine.stage(stage).definition.code)
  const { process: _process, customer, customerClass, product, department, clock, status, offset } = query
  const choice = { from, to, customer, customerClass, product, department, clock, status, of: code }
  const found: FoundOrder[] = []
  const traces = readTraces(engine, choice, (trace, order) => {
    if (!matches(trace, order)) return
    const isWhole = department === undefined
    const { ownFrom, ownTo } = trace
    found.push({
      order,
      arrivedAt: isWhole ? order.arrivedAt : ownFrom,
      endedAt: isWhole ? order.head.endedAt : ownTo,
      isThere: trace.isOwn[trace.length - 1] === true,
    })
  })
  await inSlices(watch.whileWanted(traces))
  found.sort(lastFirst)
  const page = found.slice(offset, offset + pathOrdersPerPage)
  const next = offset + page.length
  return {
    process: { code, name },
    orders: page.map((each) => describe(engine, each, audience, now)),
    total: found.length,
    ...(next < found.length && { nextOffset: next }),
    ...olderThan(engine, from),
  }
}

interface FoundOrder {
  readonly order: EngineOrder
  readonly arrivedAt: number
  readonly endedAt: number | undefined
  /** The caller may see its last stage. */
  readonly isThere: boolean
}

function lastFirst(a: FoundOrder, b: FoundOrder): number {
  const [left, right] = [a.endedAt ?? a.arrivedAt, b.endedAt ?? b.arrivedAt]
  return right - left || (a.order.head.order < b.order.head.order ? -1 : 1)
}

/** Only the fields listed here leave the server. */
function describe(
  engine: LiveEngine,
  { order, arrivedAt, endedAt, isThere }: FoundOrder,
  audience: Audience,
  now: number,
): PathOrdersAnswer['orders'][number] {
  const current = representativeVisit(engine, engine.open.get(order.openSlot), audience.departments, now)
  const { customer, product, stage, stageName } = viewOfSummary(summarize(order, current, now), audience)
  return {
    order: order.head.order,
    arrivedAt,
    ...(customer !== undefined && { customer }),
    ...(product !== undefined && { product }),
    ...(endedAt !== undefined && { endedAt }),
    ...(isThere && stage !== undefined && { stage }),
    ...(isThere && stageName !== undefined && { stageName }),
  }
}

type TraceMatcher = (trace: OrderTrace, order: EngineOrder) => boolean

/** Each distinct path is evaluated only once. @throws AppError `invalid_field` */
function matcherOf(query: PathOrdersQuery, rules: PathRules, codeOf: (stage: number) => string): TraceMatcher {
  const { variant, skipped, returned, moveFrom, moveTo, status } = query
  const asked = [variant, skipped, returned, moveFrom ?? moveTo].filter((each) => each !== undefined)
  if (asked.length !== 1 || (moveFrom === undefined) !== (moveTo === undefined)) {
    const message = 'must be about one of "variant", "skipped", "returned", or "moveFrom" with "moveTo"'
    throw new AppError('invalid_field', message, { field: 'variant', reason: 'wrong_form' })
  }
  const known = new Map<string, boolean>()
  return (trace) => {
    const all = trace.stage.slice(0, trace.length)
    const key = `${all.join()} ${trace.isOwn.slice(0, trace.length).join()}`
    const before = known.get(key)
    if (before !== undefined) return before
    const codes = all.map(codeOf)
    const seen = codes.map((each, place) => (trace.isOwn[place] === true ? each : ''))
    const answer = isAsked(codes, seen)
    if (known.size < maxKnown) known.set(key, answer)
    return answer
  }

  function isAsked(codes: readonly string[], seen: readonly string[]): boolean {
    const own = seen.filter((code) => code !== '')
    if (variant !== undefined) return variantId(own) === variant
    if (returned !== undefined) return own.filter((code) => code === returned).length > 1
    if (skipped !== undefined) return rules.deviationsOf(codes, seen, status === 'completed').skipped.includes(skipped)
    return seen.some((code, i) => code === moveTo && i > 0 && seen[i - 1] === moveFrom)
  }
}

const maxKnown = 20_000
