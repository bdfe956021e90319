import { FileError } from '../tables/file-error.ts'
import type { EventRow } from './event-row.ts'

/** Events with the same order number that belong together. */
interface Generation {
  /** Epoch ms. */
  from: number
  to: number
  /** Stage of its last event; undefined if unknown. */
  lastStage: string | undefined
  /** 1 for the order with the plain number; undefined until assigned. */
  nth: number | undefined
  /** Whether the site has recorded that it ended. */
  hasEnded: boolean
}

/** Order as recorded by the site. */
export interface KnownOrder {
  readonly firstAt: number
  readonly lastAt: number
  readonly hasEnded: boolean
}

/** About 150 bytes each. */
const maxOrders = 1_000_000

/**
 * Distinguishes orders with the same number: if a number occurs again at least `afterMs` after its last event, and that
 * order has ended, it is a new order. The first one keeps the number, the others are called `SO-1#2`, `SO-1#3` and so
 * on.
 */
export class OrderGenerations {
  readonly #afterMs: number
  readonly #terminal: ReadonlySet<string>
  readonly #orders = new Map<string, Generation[]>()

  /** @param terminal stages that end an order; if empty they are unknown, and only the time decides. */
  constructor(afterMs: number, terminal: ReadonlySet<string>) {
    this.#afterMs = afterMs
    this.#terminal = terminal
  }

  get orders(): readonly string[] {
    return [...this.#orders.keys()]
  }

  /** How many orders of the file reuse the number of an earlier order. */
  get again(): number {
    let count = 0
    for (const generations of this.#orders.values()) count += generations.filter(({ nth }) => (nth ?? 1) > 1).length
    return count
  }

  /**
   * Rows may be added in any order.
   * @throws AppError `too_large` if there are too many orders.
   */
  add(order: string, stage: string | undefined, at: number): void {
    const generations = this.#orders.get(order)
    if (generations !== undefined) return this.#place(generations, at, at, stage)
    if (this.#orders.size === maxOrders)
      throw new FileError(
        'too_large',
        'too_many_orders',
        `--reuse-after tells ${maxOrders} orders apart at most: split the file`,
        { params: { limit: maxOrders } },
      )
    this.#orders.set(order, [{ from: at, to: at, lastStage: stage, nth: undefined, hasEnded: false }])
  }

  /** Adds an order recorded by the site: the one with the plain number (`nth` 1), or the nth with that number. */
  know(order: string, nth: number, { firstAt, lastAt, hasEnded }: KnownOrder): void {
    const generations = this.#orders.get(order) ?? []
    this.#orders.set(order, generations)
    generations.push({ from: firstAt, to: lastAt, lastStage: undefined, nth, hasEnded })
  }

  /** Numbers the orders. Must be called once, after all rows and known orders were added. */
  settle(): void {
    for (const [order, generations] of this.#orders) this.#orders.set(order, this.#settled(generations))
  }

  /** Name of the order that an event with this number belongs to. */
  nameOf(order: string, at: number): string {
    const generations = this.#orders.get(order) ?? []
    const nth = generations.find(({ from, to }) => at >= from && at <= to)?.nth ?? 1
    return nth === 1 ? order : `${order}#${nth}`
  }

  #place(generations: Generation[], from: number, to: number, stage: string | undefined): void {
    const near = generations.find((one) => from - one.to < this.#afterMs && one.from - to < this.#afterMs)
    if (near === undefined) {
      generations.push({ from, to, lastStage: stage, nth: undefined, hasEnded: false })
      return
    }
    if (to >= near.to) near.lastStage = stage
    near.from = Math.min(near.from, from)
    near.to = Math.max(near.to, to)
  }

  /**
   * Sorts generations by time and merges neighbours if less time lies between them or the earlier one has not ended.
   */
  #settled(generations: readonly Generation[]): Generation[] {
    const settled: Generation[] = []
    for (const next of generations.toSorted((a, b) => a.from - b.from)) {
      const before = settled.at(-1)
      if (before === undefined || (next.from - before.to >= this.#afterMs && this.#hasEnded(before))) {
        settled.push({ ...next })
        continue
      }
      if (next.to >= before.to) {
        before.lastStage = next.lastStage
        before.hasEnded = next.hasEnded
      }
      before.to = Math.max(before.to, next.to)
      before.nth = before.nth ?? next.nth
    }
    const taken = new Set(settled.map(({ nth }) => nth))
    let free = 1
    for (const generation of settled) {
      if (generation.nth !== undefined) continue
      while (taken.has(free)) free += 1
      generation.nth = free
      taken.add(free)
    }
    return settled
  }

  #hasEnded({ hasEnded, lastStage }: Generation): boolean {
    if (hasEnded || this.#terminal.size === 0) return true
    return lastStage !== undefined && this.#terminal.has(lastStage)
  }
}

/** The row with the name of the order that it belongs to. */
export function renamedRow(row: EventRow, generations: OrderGenerations | undefined): EventRow {
  if (generations === undefined) return row
  const order = generations.nameOf(row.order, row.occurredAt)
  return order === row.order ? row : { ...row, order }
}
