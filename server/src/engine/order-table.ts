import { attributesOfVisit } from '@stagewatch/shared/domain/attributes-of-visit.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import type { EngineOrder } from './engine-order.ts'
import { SearchTexts } from './search-texts.ts'
import { UsedNames } from './used-names.ts'

/** How an order stands, as far as it changes by events alone. */
export const standings = { none: 0, inStage: 1, betweenStages: 2, completed: 3, cancelled: 4 } as const

/** Looking at all of them takes less than a millisecond. */
export const ordersPerChunk = 4_096

/** What lists are narrowed by and searched for; an order without one has the empty name. */
const dimensions = ['process', 'department', 'customer', 'customerClass', 'product', 'stage', 'owner'] as const
export type OrderDimension = (typeof dimensions)[number]

/**
 * Orders whose numbers follow one another, with a column for each thing that lists are narrowed by: of an order in a stage
 * what its visit there says.
 */
export class OrderChunk {
  /** Number of the order in the first row. */
  readonly first: number
  readonly rows: (EngineOrder | undefined)[] = []
  readonly standing = new Uint8Array(ordersPerChunk)
  /** Numbers of names, see `OrderTable`. */
  readonly names: Readonly<Record<OrderDimension, Uint32Array>> = byDimension(() => new Uint32Array(ordersPerChunk))
  /** Of an order in a stage the slot of its visit, see `OpenVisits`. */
  readonly openSlot = new Uint32Array(ordersPerChunk)
  /** NaN while the order is open. */
  readonly endedAt = new Float64Array(ordersPerChunk)
  orderCount = 0
  /** Those of them that are in a stage. */
  inStageCount = 0
  readonly #numbers = new SearchTexts()
  readonly #waybills = new SearchTexts()

  constructor(first: number) {
    this.first = first
  }

  /**
   * Sets `found[row]` to 1 for every order of whose own texts one contains `part`, which is `searchable`.
   * @returns whether there is one.
   */
  findTexts(part: string, found: Uint8Array): boolean {
    const { rows } = this
    const isNumber = this.#numbers.find(part, rows.length, (row) => rows[row]?.head.order, found)
    return this.#waybills.find(part, rows.length, (row) => rows[row]?.head.attributes.waybill, found) || isNumber
  }

  /** To be called when the order of a row has come, has gone or is called something else. */
  invalidateTexts(before: EngineOrder | undefined, after: EngineOrder | undefined): void {
    if (before?.head.order !== after?.head.order) this.#numbers.invalidate()
    if (before?.head.attributes.waybill !== after?.head.attributes.waybill) this.#waybills.invalidate()
  }
}

/** Texts that hardly any other order has. */
export function ownTexts({ head: { order, attributes } }: EngineOrder): string[] {
  return attributes.waybill === undefined ? [order] : [order, attributes.waybill]
}

/**
 * The orders that are counted in, by name and by number. Most have ended and are asked for by what the columns hold: of a
 * million orders only those that answer a question are looked at one by one.
 */
export class OrderTable {
  readonly names: Readonly<Record<OrderDimension, UsedNames>> = byDimension(() => new UsedNames())
  readonly #byName = new Map<string, EngineOrder>()
  /** By number of the chunk; those without an order are let go. */
  readonly #chunks = new Map<number, OrderChunk>()

  get size(): number {
    return this.#byName.size
  }

  get(order: string): EngineOrder | undefined {
    return this.#byName.get(order)
  }

  /** The order with a number; undefined: it has gone. */
  numbered(number: number): EngineOrder | undefined {
    return this.#chunks.get(Math.floor(number / ordersPerChunk))?.rows[number % ordersPerChunk]
  }

  /** In the order in which they came. */
  keys(): Iterable<string> {
    return this.#byName.keys()
  }

  /** In the order in which they came. One that changes keeps its place, so that a walk may pause. */
  values(): Iterable<EngineOrder> {
    return this.#byName.values()
  }

  /** A walk over them may pause: an order is met once at most, and as it is by then. */
  chunks(): readonly OrderChunk[] {
    return [...this.#chunks.values()]
  }

  /** While it stays the same, a number that a column holds stands for the same name. */
  get namesBegun(): number {
    return dimensions.reduce((sum, dimension) => sum + this.names[dimension].begun, 0)
  }

  /** Puts an order in, or in the place of what was known of it. */
  set(order: EngineOrder): void {
    const { head, number } = order
    this.#byName.set(head.order, order)
    const chunk = this.#chunk(number)
    const row = number % ordersPerChunk
    const before = chunk.rows[row]
    if (before === undefined) chunk.orderCount += 1
    this.#setNames(chunk, row, order, before === undefined)
    const standing = standingOf(order)
    chunk.inStageCount += Number(standing === standings.inStage) - Number(chunk.standing[row] === standings.inStage)
    chunk.rows[row] = order
    chunk.standing[row] = standing
    chunk.openSlot[row] = order.openSlot ?? 0
    chunk.endedAt[row] = head.endedAt ?? Number.NaN
    chunk.invalidateTexts(before, order)
  }

  /** @returns whether it was there. */
  delete(name: string): boolean {
    const order = this.#byName.get(name)
    if (order === undefined) return false
    this.#byName.delete(name)
    const chunk = this.#chunk(order.number)
    const row = order.number % ordersPerChunk
    for (const dimension of dimensions) this.names[dimension].release(chunk.names[dimension][row] ?? 0)
    chunk.orderCount -= 1
    chunk.inStageCount -= Number(chunk.standing[row] === standings.inStage)
    chunk.rows[row] = undefined
    chunk.standing[row] = standings.none
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

function standingOf({ head, openSlot }: EngineOrder): number {
  if (head.status !== 'open') return standings[head.status]
  return openSlot === undefined ? standings.betweenStages : standings.inStage
}
