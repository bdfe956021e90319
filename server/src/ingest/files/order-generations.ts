import { FileError } from '../tables/file-error.ts'
import type { EventRow } from './event-row.ts'

/** Events of one number that belong together. */
interface Generation {
  /** Epoch ms. */
  from: number
  to: number
  /** Where its last event left it; undefined: not known. */
  lastStage: string | undefined
  /** 1 for the order that has the number itself; undefined: not given yet. */
  nth: number | undefined
  /** The site knows that it has ended. */
  hasEnded: boolean
}

/** What a site knows of an order. */
export interface KnownOrder {
  readonly firstAt: number
  readonly lastAt: number
  readonly hasEnded: boolean
}

/** Some 150 bytes each. */
const maxOrders = 1_000_000

/**
 * Tells orders apart that have the same number: one that comes again so long after its last event, having ended, is
 * another. The first one keeps the number, the others are called `SO-1#2`, `SO-1#3` and so on.
 */
export class OrderGenerations {
  readonly #afterMs: number
  readonly #terminal: ReadonlySet<string>
  readonly #orders = new Map<string, Generation[]>()

  /** @param terminal stages that end an order; empty: not known, so that the time alone decides. */
  constructor(afterMs: number, terminal: ReadonlySet<string>) {
    this.#afterMs = afterMs
    this.#terminal = terminal
  }

  get orders(): readonly string[] {
    return [...this.#orders.keys()]
  }

  /** How many orders of the file have a number that another one had before. */
  get again(): number {
    let count = 0
    for (const generations of this.#orders.values()) count += generations.filter(({ nth }) => (nth ?? 1) > 1).length
    return count
  }

  /** Takes the rows of the file in any order. @throws AppError `too_large` when there are too many orders. */
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

  /** Takes what the site knows of the order with that number (1), or of the nth of that number. */
  know(order: string, nth: number, { firstAt, lastAt, hasEnded }: KnownOrder): void {
    const generations = this.#orders.get(order) ?? []
    this.#orders.set(order, generations)
    generations.push({ from: firstAt, to: lastAt, lastStage: undefined, nth, hasEnded })
  }

  /** To be called once, when all is known: numbers the orders. */
  settle(): void {
    for (const [order, generations] of this.#orders) this.#orders.set(order, this.#settled(generations))
  }

  /** What the order is called of which an event with this number tells. */
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

  /** One after the other, those together between which there is less time or of which the earlier had not ended. */
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

/** A row as one of the order that it is of. */
export function renamedRow(row: EventRow, generations: OrderGenerations | undefined): EventRow {
  if (generations === undefined) return row
  const order = generations.nameOf(row.order, row.occurredAt)
  return order === row.order ? row : { ...row, order }
}
