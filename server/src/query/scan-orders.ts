import type { EngineOrder } from '../engine/engine-order.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import { matcher } from './match-order.ts'
import type { OrderChoice, OrderView } from './match-order.ts'
import { OrderSelection } from './select-orders.ts'

/** An order that answers the question. */
export interface FoundOrder {
  /** To read one of a million takes longer than everything else: who can do without does not. */
  readonly counted: EngineOrder
  /** The visit that is open. */
  readonly current: OpenVisit | undefined
  /** Epoch ms; NaN while the order is open. */
  readonly endedAt: number
}

/**
 * Tells `take` of each order that answers the question, in no order. Each is told of once at most, also when orders change
 * while the walk pauses: an order keeps its row.
 */
export function* scanOrders(
  engine: LiveEngine,
  choice: OrderChoice,
  view: OrderView,
  take: (found: FoundOrder) => void,
): Generator<void> {
  const { open, orders } = engine
  const matches = matcher(choice, view)
  const selection = new OrderSelection(engine, choice)
  const chunks = orders.chunks()
  const knownNames = orders.namesBegun
  yield* selection.begin(view)
  for (const chunk of chunks) {
    const count = selection.select(chunk)
    // A number may stand for another name since the walk began.
    const isExact = choice.status !== 'held' && (choice.q === undefined || orders.namesBegun === knownNames)
    for (let i = 0; i < count; i++) {
      const row = selection.rows[i] ?? 0
      const endedAt = chunk.endedAt[row] ?? Number.NaN
      const counted = chunk.rows[row]
      if (counted === undefined) continue
      const current = open.get(counted.openSlot)
      if (isExact || matches(counted, current)) take({ counted, current, endedAt })
    }
    yield
  }
}
