import { RecentOrders } from './recent-orders.ts'

/** The last row of an order, and the stage in which it began. */
interface OrderSpan {
  at: number
  stage: string | undefined
  readonly firstStage: string | undefined
}

const dayMs = 86_400_000
/** Hardly an order rests so long and then begins anew. */
const longGapMs = 180 * dayMs
const rememberedOrders = 250_000
const shownOrders = 3

/** An order that began again; `days` after it was last heard of. */
interface ReusedOrder {
  readonly order: string
  readonly days: number
}

/**
 * Finds orders that begin again half a year after their last event: most likely other orders, whose numbers were given
 * once more. An order that goes on after such a time, in another stage than it began with, is the same.
 */
export class ReusedOrders {
  readonly #orders = new RecentOrders<OrderSpan>(rememberedOrders)
  readonly first: ReusedOrder[] = []
  count = 0

  /** Takes the rows in the order of the file, whichever way it goes; of one that is not sorted nothing is told. */
  add(order: string, stage: string | undefined, at: number): void {
    const span = this.#orders.get(order)
    if (span === undefined) {
      this.#orders.set(order, { at, stage, firstStage: stage })
      return
    }
    const gapMs = Math.abs(at - span.at)
    const isAgain = gapMs >= longGapMs && this.#beginsAgain(span, stage, at)
    span.at = at
    span.stage = stage
    if (!isAgain) return
    this.count += 1
    if (this.first.length < shownOrders) this.first.push({ order, days: Math.floor(gapMs / dayMs) })
  }

  /** In a file whose newest rows stand first, the row above is the one with which the order began again. */
  #beginsAgain(before: OrderSpan, stage: string | undefined, at: number): boolean {
    return at > before.at ? stage === before.firstStage : before.stage !== stage
  }
}
