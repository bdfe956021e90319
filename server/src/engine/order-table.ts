import type { EngineOrder } from './engine-order.ts'
import { OrderTexts } from './order-texts.ts'
import { UsedNames } from './used-names.ts'

/** How an order stands, as far as it changes by events alone. */
export const standings = { none: 0, inStage: 1, betweenStages: 2, completed: 3, cancelled: 4 } as const

/** Looking at all of them takes less than a millisecond. */
export const ordersPerChunk = 4_096

/** Attributes by which lists are narrowed; an order without one has the empty name. */
const dimensions = ['department', 'customer', 'customerClass', 'product'] as const
export type OrderDimension = (typeof dimensions)[number]

/**
 * Orders whose numbers follow one another, with a column for each thing that lists are narrowed by. Of an order in a stage
 * the columns say what the order has, while its visit may say something else.
 */
export class OrderChunk {
  /** Number of the order in the first row. */
  readonly first: number
  readonly rows: (EngineOrder | undefined)[] = []
  readonly standing = new Uint8Array(ordersPerChunk)
  readonly process = new Uint32Array(ordersPerChunk)
  readonly department = new Uint32Array(ordersPerChunk)
  readonly customer = new Uint32Array(ordersPerChunk)
  readonly customerClass = new Uint32Array(ordersPerChunk)
  readonly product = new Uint32Array(ordersPerChunk)
  /** NaN while the order is open. */
  readonly endedAt = new Float64Array(ordersPerChunk)
  readonly texts = new OrderTexts()
  orderCount = 0
  /** Those of them that are in a stage. */
  inStageCount = 0

  constructor(first: number) {
    this.first = first
  }
}

/**
 * The orders that are counted in, by name and by number. Most have ended and are asked for by what the columns hold: of a
 * million orders only those that answer a question are looked at one by one.
 */
export class OrderTable {
  readonly names: Readonly<Record<OrderDimension | 'process', UsedNames>> = {
    process: new UsedNames(),
    department: new UsedNames(),
    customer: new UsedNames(),
    customerClass: new UsedNames(),
    product: new UsedNames(),
  }
  readonly #byName = new Map<string, EngineOrder>()
  /** By number of the chunk; those without an order are let go. */
  readonly #chunks = new Map<number, OrderChunk>()

  get size(): number {
    return this.#byName.size
  }

  get(order: string): EngineOrder | undefined {
    return this.#byName.get(order)
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

  /** Puts an order in, or in the place of what was known of it. */
  set(order: EngineOrder): void {
    const { head, number } = order
    this.#byName.set(head.order, order)
    const chunk = this.#chunk(number)
    const row = number % ordersPerChunk
    const before = chunk.rows[row]
    if (before === undefined) chunk.orderCount += 1
    this.#setNames(chunk, row, order, before)
    if (before?.head.attributes.waybill !== head.attributes.waybill || before === undefined) chunk.texts.invalidate()
    const standing = standingOf(order)
    chunk.inStageCount += Number(standing === standings.inStage) - Number(chunk.standing[row] === standings.inStage)
    chunk.rows[row] = order
    chunk.standing[row] = standing
    chunk.endedAt[row] = head.endedAt ?? Number.NaN
  }

  /** @returns whether it was there. */
  delete(name: string): boolean {
    const order = this.#byName.get(name)
    if (order === undefined) return false
    this.#byName.delete(name)
    const chunk = this.#chunk(order.number)
    const row = order.number % ordersPerChunk
    for (const dimension of dimensions) this.names[dimension].release(chunk[dimension][row] ?? 0)
    this.names.process.release(chunk.process[row] ?? 0)
    chunk.orderCount -= 1
    chunk.inStageCount -= Number(chunk.standing[row] === standings.inStage)
    chunk.rows[row] = undefined
    chunk.standing[row] = standings.none
    chunk.texts.invalidate()
    if (chunk.orderCount === 0) this.#chunks.delete(Math.floor(order.number / ordersPerChunk))
    return true
  }

  #setNames(chunk: OrderChunk, row: number, order: EngineOrder, before: EngineOrder | undefined): void {
    const { attributes } = order.head
    if (before?.head.attributes !== attributes) {
      for (const dimension of dimensions) {
        const id = this.names[dimension].use(attributes[dimension] ?? '')
        if (before !== undefined) this.names[dimension].release(chunk[dimension][row] ?? 0)
        chunk[dimension][row] = id
      }
    }
    if (before?.process === order.process) return
    const id = this.names.process.use(order.process.definition.code)
    if (before !== undefined) this.names.process.release(chunk.process[row] ?? 0)
    chunk.process[row] = id
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

function standingOf({ head, openSlot }: EngineOrder): number {
  if (head.status !== 'open') return standings[head.status]
  return openSlot === undefined ? standings.betweenStages : standings.inStage
}
