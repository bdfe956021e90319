import { attributesOfVisit } from '@stagewatch/shared/domain/attributes-of-visit.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import type { EngineOrder } from './engine-order.ts'
import { SearchTexts } from './search-texts.ts'
import { UsedNames } from './used-names.ts'

/** Status of an order, as far as it changes by events alone. */
export const orderStatuses = { none: 0, inStage: 1, betweenStages: 2, completed: 3, cancelled: 4 } as const

/** Scanning all rows of a chunk takes less than a millisecond. */
export const ordersPerChunk = 4_096

/** Dimensions by which lists are filtered and searched; an order without a value has the empty name. */
const dimensions = ['process', 'department', 'customer', 'customerClass', 'product', 'stage', 'owner'] as const
export type OrderDimension = (typeof dimensions)[number]

/**
 * Orders with consecutive numbers, with one column per filter dimension. For an order in a stage, the columns hold the
 * values of its current visit.
 */
export class OrderChunk {
  /** Number of the order in the first row. */
  readonly first: number
  readonly rows: (EngineOrder | undefined)[] = []
  readonly status = new Uint8Array(ordersPerChunk)
  /** Numbers of names, see `OrderTable`. */
  readonly names: Readonly<Record<OrderDimension, Uint32Array>> = byDimension(() => new Uint32Array(ordersPerChunk))
  /** For an order in a stage, the slot of its visit, see `OpenVisits`. */
  readonly openSlot = new Uint32Array(ordersPerChunk)
  /** NaN while the order is open. */
  readonly endedAt = new Float64Array(ordersPerChunk)
  /** 1 if the order has several parallel activities, of which the columns hold only one. */
  readonly isSeveral = new Uint8Array(ordersPerChunk)
  orderCount = 0
  /** Number of these orders that are in a stage. */
  inStageCount = 0
  /** Number of these orders with several parallel activities. */
  severalCount = 0
  readonly #numbers = new SearchTexts()
  readonly #waybills = new SearchTexts()

  constructor(first: number) {
    this.first = first
  }

  /**
   * Sets `found[row]` to 1 for every order with an own text that contains `part`, which must be `searchable`.
   * @returns whether there is one.
   */
  findTexts(part: string, found: Uint8Array): boolean {
    const { rows } = this
    const isNumber = this.#numbers.find(part, rows.length, (row) => rows[row]?.head.order, found)
    return this.#waybills.find(part, rows.length, (row) => rows[row]?.head.attributes.waybill, found) || isNumber
  }

  setSeveral(row: number, isSeveral: boolean): void {
    this.severalCount += Number(isSeveral) - (this.isSeveral[row] ?? 0)
    this.isSeveral[row] = Number(isSeveral)
  }

  /** Must be called when the order of a row was added, removed or renamed. */
  invalidateTexts(before: EngineOrder | undefined, after: EngineOrder | undefined): void {
    if (before?.head.order !== after?.head.order) this.#numbers.invalidate()
    if (before?.head.attributes.waybill !== after?.head.attributes.waybill) this.#waybills.invalidate()
  }
}

/** Texts that are nearly unique to the order. */
export function ownTexts({ head: { order, attributes } }: EngineOrder): string[] {
  return attributes.waybill === undefined ? [order] : [order, attributes.waybill]
}

/**
 * The counted orders, by name and by number. Most have ended and are filtered by the columns: of a million orders, only
 * the matches are accessed one by one.
 */
export class OrderTable {
  readonly names: Readonly<Record<OrderDimension, UsedNames>> = byDimension(() => new UsedNames())
  readonly #byName = new Map<string, EngineOrder>()
  /** By chunk number; chunks without orders are dropped. */
  readonly #chunks = new Map<number, OrderChunk>()

  get size(): number {
    return this.#byName.size
  }

  get(order: string): EngineOrder | undefined {
    return this.#byName.get(order)
  }

  /** The order with a number. Undefined if it was removed. */
  numbered(number: number): EngineOrder | undefined {
    return this.#chunks.get(Math.floor(number / ordersPerChunk))?.rows[number % ordersPerChunk]
  }

  /** In the order of arrival. */
  keys(): Iterable<string> {
    return this.#byName.keys()
  }

  /** In the order of arrival. An order that changes keeps its position, so the iteration may pause. */
  values(): Iterable<EngineOrder> {
    return this.#byName.values()
  }

  /** The iteration may pause: each order is visited at most once, in its state at that time. */
  chunks(): readonly OrderChunk[] {
    return [...this.#chunks.values()]
  }

  /** While this does not change, numbers in the columns keep their names. */
  get namesRevision(): number {
    return dimensions.reduce((sum, dimension) => sum + this.names[dimension].assignedCount, 0)
  }

  /** Inserts or replaces an order. */
  set(order: EngineOrder): void {
    const { head, number } = order
    this.#byName.set(head.order, order)
    const chunk = this.#chunk(number)
    const row = number % ordersPerChunk
    const before = chunk.rows[row]
    if (before === undefined) chunk.orderCount += 1
    this.#setNames(chunk, row, order, before === undefined)
    const status = statusOf(order)
    chunk.inStageCount += Number(status === orderStatuses.inStage) - Number(chunk.status[row] === orderStatuses.inStage)
    chunk.setSeveral(row, head.underWay !== undefined)
    chunk.rows[row] = order
    chunk.status[row] = status
    chunk.openSlot[row] = order.openSlot ?? 0
    chunk.endedAt[row] = head.endedAt ?? Number.NaN
    chunk.invalidateTexts(before, order)
  }

  /** @returns whether it existed. */
  delete(name: string): boolean {
    const order = this.#byName.get(name)
    if (order === undefined) return false
    this.#byName.delete(name)
    const chunk = this.#chunk(order.number)
    const row = order.number % ordersPerChunk
    for (const dimension of dimensions) this.names[dimension].release(chunk.names[dimension][row] ?? 0)
    chunk.orderCount -= 1
    chunk.inStageCount -= Number(chunk.status[row] === orderStatuses.inStage)
    chunk.setSeveral(row, false)
    chunk.rows[row] = undefined
    chunk.status[row] = orderStatuses.none
    chunk.invalidateTexts(order, undefined)
    if (chunk.orderCount === 0) this.#chunks.delete(Math.floor(order.number / ordersPerChunk))
    return true
  }

  #setNames(chunk: OrderChunk, row: number, order: EngineOrder, isNew: boolean): void {
    const names = namesOf(order)
    for (const dimension of dimensions) {
      const used = this.names[dimension]
      const column = chunk.names[dimension]
      const before = isNew ? undefined : (column[row] ?? 0)
      if (before !== undefined && used.nameOf(before) === names[dimension]) continue
      column[row] = used.use(names[dimension])
      if (before !== undefined) used.release(before)
    }
  }

  #chunk(number: number): OrderChunk {
    const key = Math.floor(number / ordersPerChunk)
    const known = this.#chunks.get(key)
    if (known !== undefined) return known
    const chunk = new OrderChunk(key * ordersPerChunk)
    this.#chunks.set(key, chunk)
    return chunk
  }
}

function byDimension<T>(make: () => T): Readonly<Record<OrderDimension, T>> {
  return {
    process: make(),
    department: make(),
    customer: make(),
    customerClass: make(),
    product: make(),
    stage: make(),
    owner: make(),
  }
}

function namesOf({ head, process, state, openSlot }: EngineOrder): Readonly<Record<OrderDimension, string>> {
  const visit: StageVisit | undefined = openSlot === undefined ? undefined : state?.visits.at(-1)
  const { department, customer, customerClass, product } = attributesOfVisit(head.attributes, visit)
  return {
    process: process.definition.code,
    department: visit?.department ?? department ?? '',
    customer: customer ?? '',
    customerClass: customerClass ?? '',
    product: product ?? '',
    stage: visit?.stage ?? '',
    owner: visit?.owner ?? '',
  }
}

function statusOf({ head, openSlot }: EngineOrder): number {
  if (head.status !== 'open') return orderStatuses[head.status]
  return openSlot === undefined ? orderStatuses.betweenStages : orderStatuses.inStage
}
