import type { EngineOrder } from '../engine/engine-order.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import { matcher } from './match-order.ts'
import { representativeVisit } from './representative-visit.ts'
import type { OrderChoice, OrderView } from './match-order.ts'
import { OrderSelection } from './select-orders.ts'

/** An order that matches the query. */
export interface FoundOrder {
  /** Reading it for each of a million orders takes longer than everything else, so avoid it if possible. */
  readonly counted: EngineOrder
  /** The open visit. */
  readonly current: OpenVisit | undefined
  /** Epoch ms; NaN while the order is open. */
  readonly endedAt: number
}

/**
 * Passes each matching order to `take`, in no particular order. Each order is passed at most once, even if orders
 * change while the scan pauses, because an order keeps its row.
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
  const knownNames = orders.namesRevision
  yield* selection.begin(view)
  for (const chunk of chunks) {
    const count = selection.select(chunk)
    // A number may denote another name since the start of the scan.
    const isExact = choice.status !== 'held' && (choice.q === undefined || orders.namesRevision === knownNames)
    for (let i = 0; i < count; i++) {
      const row = selection.rows[i] ?? 0
      const endedAt = chunk.endedAt[row] ?? Number.NaN
      const counted = chunk.rows[row]
      if (counted === undefined) continue
      const current = representativeVisit(engine, open.get(counted.openSlot), choice.department, view.now)
      if ((isExact && chunk.isSeveral[row] === 0) || matches(counted, current)) take({ counted, current, endedAt })
    }
    yield
  }
}
