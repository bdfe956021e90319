import type { Choice, ChoiceDimension } from '@stagewatch/shared/contract/choice.ts'
import type { OrdersQuery } from '@stagewatch/shared/contract/orders.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/privacy.ts'
import { isOnHold } from '@stagewatch/shared/domain/hold-time.ts'
import type { EngineOrder } from '../engine/engine-order.ts'
import { IdSet } from '../engine/id-set.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import { ordersPerChunk, standings } from '../engine/order-table.ts'
import type { OrderChunk } from '../engine/order-table.ts'
import { ownTexts, searchable } from '../engine/order-texts.ts'
import { isUnclaimed } from './order-summary.ts'
import { isChosen } from './visit-choice.ts'

/** Which orders; the rest of a question says how they are shown. */
export type OrderChoice = Omit<Choice, 'clock'> & Partial<Pick<OrdersQuery, 'status' | 'stage' | 'q'>>

/** An order that answers the question. */
export interface FoundOrder {
  /** To read one of a million takes longer than everything else: who can do without does not. */
  readonly counted: EngineOrder
  /** The visit that is open. */
  readonly current: OpenVisit | undefined
  /** Epoch ms; NaN while the order is open. */
  readonly endedAt: number
}

/** How orders are looked at: with whose eyes, and when; epoch ms. */
export interface OrderView {
  readonly privacy: Privacy
  readonly now: number
}

/**
 * Tells `take` of each order that answers the question, in no order: those in a stage first, by what is known of their
 * visit, and of the others the ended ones by the columns of their chunk. Each is told of once at most, also when orders
 * change while the walk pauses.
 */
export function* scanOrders(
  engine: LiveEngine,
  choice: OrderChoice,
  view: OrderView,
  take: (found: FoundOrder) => void,
): Generator<void> {
  const test = new ColumnTest(engine, choice, view.privacy)
  const isMentioned = test.mention(choice.q, view.privacy)
  // What is searched is found by chunk.
  const matches = matcher({ ...choice, q: undefined }, view)
  const lookedAt = new IdSet()
  for (const chunk of choice.status === 'completed' ? [] : engine.orders.chunks()) {
    if (chunk.inStageCount === 0) continue
    test.begin(chunk)
    for (let row = 0; row < chunk.rows.length; row++) {
      if (chunk.standing[row] !== standings.inStage) continue
      const counted = chunk.rows[row]
      const current = engine.open.get(counted?.openSlot)
      if (counted === undefined || current === undefined) continue
      lookedAt.add(chunk.first + row)
      if (isOpenWithin(choice, current) && matches(counted, current) && isMentioned(row, current)) {
        take({ counted, current, endedAt: Number.NaN })
      }
    }
    yield
  }
  if (isOfStages(choice)) return
  for (const chunk of engine.orders.chunks()) {
    test.begin(chunk)
    const { rows, standing, first } = chunk
    for (let row = 0; row < rows.length; row++) {
      const isOpen = standing[row] === standings.betweenStages || standing[row] === standings.inStage
      if (!isOpen && !test.passes(row)) continue
      const counted = rows[row]
      if (counted === undefined || lookedAt.bit(first + row) === 1) continue
      const current = isOpen ? engine.open.get(counted.openSlot) : undefined
      if (isOpen && !(matches(counted, current) && isMentioned(row, current))) continue
      take({ counted, current, endedAt: chunk.endedAt[row] ?? Number.NaN })
    }
    yield
  }
}

/** Whether only orders in a stage can answer the question. */
function isOfStages({ status, stage }: OrderChoice): boolean {
  return stage !== undefined || (status !== undefined && isOpenStatus(status))
}

const openStatuses = ['overdue', 'atRisk', 'stalled', 'unclaimed'] as const
type OpenStatus = (typeof openStatuses)[number]

function isOpenStatus(status: NonNullable<OrderChoice['status']>): status is OpenStatus {
  return (openStatuses as readonly string[]).includes(status)
}

/** Whether the order may answer the question, by nothing but its visit: most are told apart by it. */
function isOpenWithin({ status, stage }: OrderChoice, current: OpenVisit): boolean {
  if (stage !== undefined && current.visit.stage !== stage) return false
  return status === undefined || !isOpenStatus(status) || hasOpenStatus(status, current)
}

function hasOpenStatus(status: OpenStatus, current: OpenVisit): boolean {
  return status === 'unclaimed' ? isUnclaimed(current) : current.status[status]
}

export type Matcher = (counted: EngineOrder, current: OpenVisit | undefined) => boolean

/** Whether an order answers the question. */
export function matcher(choice: OrderChoice, { privacy, now }: OrderView): Matcher {
  const { status, stage, q, process } = choice
  const isMentioned = q === undefined ? undefined : mention(q, privacy)
  const isWithin = endsWithin(choice)
  return (counted, current) => {
    const { head } = counted
    if (stage !== undefined && current?.visit.stage !== stage) return false
    if (!hasStatus(status, counted, current, now)) return false
    if (process?.includes(counted.process.definition.code) === false) return false
    if (!isChosen(choice, head, current?.visit)) return false
    if (isWithin?.(head.endedAt ?? Number.NaN) === false) return false
    return isMentioned?.(counted, current) ?? true
  }
}

/** Undefined: it does not matter when an order ended. */
function endsWithin({ from, to }: OrderChoice): ((endedAt: number) => boolean) | undefined {
  if (from === undefined && to === undefined) return undefined
  return (endedAt) => endedAt >= (from ?? -Infinity) && endedAt < (to ?? Infinity)
}

function hasStatus(
  status: OrderChoice['status'],
  { head }: EngineOrder,
  current: OpenVisit | undefined,
  now: number,
): boolean {
  switch (status) {
    case undefined:
      return true
    case 'open':
    case 'completed':
      return head.status === status
    case 'held':
      return isOnHold(head, now)
    case 'unclaimed':
    case 'overdue':
    case 'atRisk':
    case 'stalled':
      return current !== undefined && hasOpenStatus(status, current)
  }
}

/** What is not shown is not found either: who searches would learn it letter by letter. */
function mention(q: string, privacy: Privacy): Matcher {
  const part = searchable(q)
  const has = (text: string | undefined): boolean => text !== undefined && searchable(text).includes(part)
  return (counted, current) =>
    ownTexts(counted).some(has) ||
    has(counted.head.attributes.product) ||
    (privacy.customers === 'shown' && has(counted.head.attributes.customer)) ||
    (privacy.people === 'shown' && has(current?.visit.owner))
}

const maxKnownOwners = 10_000

/** To look a million numbers up in an empty set takes some time. */
function orUndefined(ids: ReadonlySet<number>): ReadonlySet<number> | undefined {
  return ids.size === 0 ? undefined : ids
}

/** What the columns of a chunk say of its orders. */
class ColumnTest {
  readonly #standing: number | undefined
  readonly #isWithin: ((endedAt: number) => boolean) | undefined
  /** Numbers of the names that pass. */
  readonly #names: readonly (readonly [ChoiceDimension, ReadonlySet<number>])[]
  readonly #part: string | undefined
  readonly #customers: ReadonlySet<number> | undefined
  readonly #products: ReadonlySet<number> | undefined
  /** Rows of which a text of their own mentions what is searched. */
  readonly #mentioned = new Uint8Array(ordersPerChunk)
  #chunk: OrderChunk | undefined
  /** No name mentions what is searched: only texts of an order's own do. */
  readonly #isNarrowedByText: boolean = false

  constructor({ orders: { names } }: LiveEngine, choice: OrderChoice, privacy: Privacy) {
    const { status, q } = choice
    // No other status is that of an order that has ended.
    this.#standing = status === undefined ? undefined : status === 'completed' ? standings.completed : standings.none
    this.#isWithin = endsWithin(choice)
    this.#names = (['process', 'department', 'customer', 'customerClass', 'product'] as const).flatMap((name) => {
      const chosen = choice[name]
      return chosen === undefined ? [] : [[name, names[name].of(chosen)] as const]
    })
    if (q === undefined) return
    const part = searchable(q)
    const isMentioned = (name: string) => searchable(name).includes(part)
    this.#part = part
    this.#products = orUndefined(names.product.where(isMentioned))
    if (privacy.customers === 'shown') this.#customers = orUndefined(names.customer.where(isMentioned))
    this.#isNarrowedByText = this.#products === undefined && this.#customers === undefined
  }

  /** To be called before the first row of a chunk, and again when something may have changed. */
  begin(chunk: OrderChunk): void {
    this.#chunk = chunk
    if (this.#part === undefined) return
    this.#mentioned.fill(0)
    chunk.texts.find(this.#part, chunk.rows, this.#mentioned)
  }

  /** Whether an order mentions what is searched; owners are those of visits, of which many have the same. */
  mention(q: string | undefined, privacy: Privacy): (row: number, current: OpenVisit | undefined) => boolean {
    if (q === undefined) return () => true
    const part = searchable(q)
    const owners = new Map<string, boolean>()
    return (row, current) => {
      if (this.#mentions(row)) return true
      const owner = privacy.people === 'shown' ? current?.visit.owner : undefined
      if (owner === undefined) return false
      const known = owners.get(owner)
      if (known !== undefined) return known
      const found = searchable(owner).includes(part)
      if (owners.size < maxKnownOwners) owners.set(owner, found)
      return found
    }
  }

  /** Of an order that has ended. */
  passes(row: number): boolean {
    const chunk = this.#chunk
    const standing = chunk?.standing[row] ?? standings.none
    if (chunk === undefined || standing === standings.none) return false
    if (this.#standing !== undefined && standing !== this.#standing) return false
    if (this.#isNarrowedByText && this.#mentioned[row] !== 1) return false
    for (const [name, ids] of this.#names) if (!ids.has(chunk[name][row] ?? 0)) return false
    if (this.#isWithin?.(chunk.endedAt[row] ?? Number.NaN) === false) return false
    return this.#mentions(row)
  }

  #mentions(row: number): boolean {
    const chunk = this.#chunk
    return (
      chunk === undefined ||
      this.#part === undefined ||
      this.#mentioned[row] === 1 ||
      this.#products?.has(chunk.product[row] ?? 0) === true ||
      this.#customers?.has(chunk.customer[row] ?? 0) === true
    )
  }
}
