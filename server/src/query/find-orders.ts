import type { OrdersAnswer, OrdersQuery } from '@stagewatch/shared/contract/orders.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/privacy.ts'
import { smallest } from '../platform/smallest.ts'
import type { EngineOrder } from '../engine/engine-order.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import { inSlices } from '../platform/in-slices.ts'
import { sortInSteps } from '../platform/sort-in-steps.ts'
import { olderThan } from './older-visits.ts'
import { readCursor, writeCursor } from './order-cursor.ts'
import type { OrderCursor } from './order-cursor.ts'
import { orderSort } from './order-sort.ts'
import type { OrderSort, SortKey } from './order-sort.ts'
import { isUnclaimed, summarize } from './order-summary.ts'
import { viewOfSummary } from './private-order.ts'
import { isChosen } from './visit-choice.ts'

/** The question without its page. */
type OrderChoice = Omit<OrdersQuery, 'limit' | 'cursor'>

/** An order that answers the question, with what it is sorted by. */
interface Found extends SortKey {
  readonly counted: EngineOrder
}

const ordersPerStep = 256
/** That a search remembers. */
const maxKnownTexts = 10_000

/** @throws AppError `bad_request` when the cursor is not one of this question. */
export async function findOrders(
  engine: LiveEngine,
  query: OrdersQuery,
  now: number,
  audience: Audience,
): Promise<Omit<OrdersAnswer, 'asOf' | 'position'>> {
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor, query)
  const asOf = after?.asOf ?? now
  const wanted = { matches: matcher(query, audience.privacy), sort: orderSort(query.sort, audience) }
  const look = (among: Candidates) => inSlices(search(engine, { ...wanted, among }, query, after, asOf))
  const { total, found } =
    (await firstInStages(engine, query, wanted.sort, look)) ?? (await look(candidates(engine, query)))
  const page = found.slice(0, query.limit)
  const last = page.at(-1)
  return {
    orders: page.map(({ counted }) =>
      viewOfSummary(summarize(counted, engine.open.get(counted.openSlot), now), audience),
    ),
    total,
    ...(mayHaveEnded(query) && olderThan(engine, query.from)),
    ...(last !== undefined &&
      found.length > page.length && { cursor: writeCursor({ asOf, value: last.value, order: last.order }, query) }),
  }
}

/**
 * A page of a list that nothing narrows, if the orders that are in a stage now fill it: of a million orders most have
 * ended, and would be looked at for nothing. Undefined: they do not, or something narrows it.
 */
async function firstInStages(
  engine: LiveEngine,
  query: OrdersQuery,
  sort: OrderSort,
  look: (among: Candidates) => Promise<Search>,
): Promise<Search | undefined> {
  const total = sort.isOfStages ? knownTotal(engine, query) : undefined
  if (total === undefined) return undefined
  const { found } = await look(ordersInStages(engine, () => true))
  const isFilled = found.length > query.limit && found.every(({ value }) => value !== null)
  return isFilled ? { total, found } : undefined
}

/** How many orders answer a question that has to look at none of them. Undefined: it has to. */
function knownTotal(engine: LiveEngine, query: OrdersQuery): number | undefined {
  const { status, sort: _sort, limit: _limit, cursor: _cursor, site: _site, clock: _clock, ...narrowing } = query
  if (Object.values(narrowing).some((value) => value !== undefined)) return undefined
  if (status === undefined) return engine.orderCount
  if (status !== 'open') return undefined
  return [...engine.processes()].reduce((sum, { openCount }) => sum + openCount, 0)
}

/** The number of every order that answers the question, in its order. */
export async function findAllOrders(
  engine: LiveEngine,
  query: OrderChoice,
  wanted: Wanted,
  now: number,
): Promise<readonly string[]> {
  return inSlices(allInOrder(engine, wanted, query, now))
}

function* allInOrder(
  engine: LiveEngine,
  { matches, sort }: Wanted,
  query: OrderChoice,
  now: number,
): Generator<void, readonly string[]> {
  const found: SortKey[] = []
  let walked = 0
  for (const counted of candidates(engine, query)) {
    const current = engine.open.get(counted?.openSlot)
    if (counted !== undefined && matches(counted, current)) {
      found.push({ order: counted.head.order, value: sort.valueOf(counted, current, now) })
    }
    walked += 1
    if (walked % ordersPerStep === 0) yield
  }
  const sorted = yield* sortInSteps(found, sort.compare)
  return sorted.map(({ order }) => order)
}

/** Orders that may answer a question. Undefined: one that does not, of which no more has to be known. */
type Candidates = Iterable<EngineOrder | undefined>

interface Search {
  readonly total: number
  /** The page after the cursor, and one more where there is one. */
  readonly found: readonly Found[]
}

function candidates(engine: LiveEngine, { status, stage }: OrderChoice): Candidates {
  const isInStage = status === 'overdue' || status === 'atRisk' || status === 'stalled' || status === 'unclaimed'
  return isInStage || stage !== undefined
    ? ordersInStages(
        engine,
        (current) =>
          (stage === undefined || current.visit.stage === stage) && (!isInStage || hasOpenStatus(status, current)),
      )
    : engine.orders()
}

/** Looking an order up by its number takes longer than reading the status of its visit. */
function* ordersInStages(
  engine: LiveEngine,
  isWanted: (current: OpenVisit) => boolean,
): Generator<EngineOrder | undefined> {
  for (const current of engine.open) yield isWanted(current) ? engine.order(current.state.order) : undefined
}

function hasOpenStatus(status: 'overdue' | 'atRisk' | 'stalled' | 'unclaimed', current: OpenVisit): boolean {
  return status === 'unclaimed' ? isUnclaimed(current) : current.status[status]
}

/** The other kinds are all open. */
function mayHaveEnded({ status }: OrdersQuery): boolean {
  return status === undefined || status === 'completed'
}

/** Counts what answers the question and keeps the page after the cursor, and one more. */
function* search(
  engine: LiveEngine,
  { matches, sort, among }: Wanted & { readonly among: Candidates },
  query: OrdersQuery,
  after: OrderCursor | undefined,
  asOf: number,
): Generator<void, Search> {
  let total = 0
  let found: Found[] = []
  let fresh: Found[] = []
  let walked = 0
  for (const counted of among) {
    const current = engine.open.get(counted?.openSlot)
    if (counted !== undefined && matches(counted, current)) {
      total += 1
      const item = { counted, order: counted.head.order, value: sort.valueOf(counted, current, asOf) }
      if (after === undefined || sort.compare(item, after) > 0) fresh.push(item)
    }
    walked += 1
    if (walked % ordersPerStep !== 0) continue
    if (fresh.length > 0) found = smallest([...found, ...fresh], query.limit + 1, sort.compare)
    fresh = []
    yield
  }
  return { total, found: smallest([...found, ...fresh], query.limit + 1, sort.compare) }
}

/** Which orders, and in what order. */
interface Wanted {
  readonly matches: Matcher
  readonly sort: OrderSort
}

type Matcher = (counted: EngineOrder, current: OpenVisit | undefined) => boolean

/** Whether an order answers the question as it is now. */
export function matcher(query: OrderChoice, privacy: Privacy): Matcher {
  const { status, stage, q, process, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query
  const ended = query.from !== undefined || query.to !== undefined
  const isMentioned = q === undefined ? undefined : mention(q, privacy)
  return (counted, current) => {
    const { head } = counted
    if (stage !== undefined && current?.visit.stage !== stage) return false
    if (!hasStatus(status, counted, current)) return false
    if (process?.includes(counted.process.definition.code) === false) return false
    if (!isChosen(query, head, current?.visit)) return false
    if (ended && !(head.endedAt !== undefined && head.endedAt >= from && head.endedAt < to)) return false
    return isMentioned?.(counted, current) ?? true
  }
}

function hasStatus(status: OrdersQuery['status'], { head }: EngineOrder, current: OpenVisit | undefined): boolean {
  switch (status) {
    case undefined:
      return true
    case 'open':
    case 'completed':
      return head.status === status
    case 'held':
      return head.heldSince !== undefined
    case 'unclaimed':
    case 'overdue':
    case 'atRisk':
    case 'stalled':
      return current !== undefined && hasOpenStatus(status, current)
  }
}

/** What is not shown is not found either: who searches would learn it letter by letter. */
function mention(q: string, privacy: Privacy): Matcher {
  const wanted = q.toLowerCase()
  // Of a million numbers each would be written in small letters for nothing.
  const hasLetters = /[^\d\s!-/:-@]/.test(wanted)
  const has = (text: string): boolean => (hasLetters ? text.toLowerCase() : text).includes(wanted)
  // Many orders share these texts.
  const known = new Map<string, boolean>()
  const hasShared = (text: string | undefined): boolean => {
    if (text === undefined) return false
    const before = known.get(text)
    if (before !== undefined) return before
    const found = has(text)
    if (known.size < maxKnownTexts) known.set(text, found)
    return found
  }
  return ({ head: { order, attributes } }, current) =>
    has(order) ||
    hasShared(attributes.product) ||
    (privacy.customers === 'shown' && hasShared(attributes.customer)) ||
    (privacy.people === 'shown' && hasShared(current?.visit.owner))
}
