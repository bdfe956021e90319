import { RecentOrders } from './recent-orders.ts'

/** The last row of an order and its first stage. */
interface OrderSpan {
  at: number
  stage: string | undefined
  readonly firstStage: string | undefined
}

const dayMs = 86_400_000
/** Orders hardly ever pause this long and then start again. */
const longGapMs = 180 * dayMs
const rememberedOrders = 250_000
const shownOrders = 3

/** An order that started again, `days` after its previous event. */
interface ReusedOrder {
  readonly order: string
  readonly days: number
}

/**
 * Finds orders that start again at least half a year after their last event: most likely these are new orders with a
 * reused number. An order that continues after such a gap in a stage other than its first one is the same order.
 */
export class ReusedOrders {
  readonly #orders = new RecentOrders<OrderSpan>(rememberedOrders)
  readonly first: ReusedOrder[] = []
  count = 0

  /** Rows have to be added in file order, ascending or descending; an unsorted file yields no findings. */
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

  /** In a file sorted newest first, the previous row is the one that the order started again with. */
  #beginsAgain(before: OrderSpan, stage: string | undefined, at: number): boolean {
    return at > before.at ? stage === before.firstStage : before.stage !== stage
  }
}
