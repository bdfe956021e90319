import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { hasEnded } from '@stagewatch/shared/domain/stage-visit.ts'
import type { EndedVisit, StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { endedCount } from './kept-visits.ts'
import type { KeptVisits } from './kept-visits.ts'
import type { EngineOrder } from './engine-order.ts'

/** Removing and adding this many visits takes some hundred µs. */
const visitsPerStep = 128
/** Maximum number of passes over an order that keeps changing. */
const maxPasses = 4
/** An order with more visits is long: counting it in one step would block all other work for some ms. */
export const longOrderVisits = 2_000

/** Whether adding or removing an order takes more than some ms. */
export function isLong(known: EngineOrder | undefined, state: FoldedOrder | undefined): boolean {
  return Math.max(known?.ended.length ?? 0, state?.visits.length ?? 0) > longOrderVisits
}

/** How to count ended visits of an order, and to replace the stored order accordingly. */
export interface VisitCounter {
  readonly remove: (place: number) => void
  readonly add: (visit: EndedVisit) => number
  readonly put: (order: EngineOrder) => void
  /** The order as currently stored. */
  readonly get: () => EngineOrder | undefined
}

/**
 * Counts the changed ended visits of an order, a few at a time. Between the steps the stored order is consistent: it
 * holds exactly the visits that are counted, the first ones in their new state and the others in their old one.
 * @param kept the visits whose counts do not change.
 * @returns whether all visits are counted; false if the order was changed concurrently.
 */
export function* countInSteps(
  before: EngineOrder,
  state: FoldedOrder,
  kept: KeptVisits,
  { remove, add, put, get }: VisitCounter,
): Generator<void, boolean> {
  const ended = [...before.ended]
  const visits: StageVisit[] | undefined = before.state && [...before.state.visits]
  const end = endedCount(state) - kept.last
  let remaining = ended.length - kept.first - kept.last
  for (let at = kept.first; at < end || remaining > 0;) {
    const removed = ended.slice(at, at + Math.min(visitsPerStep, remaining))
    for (const place of removed) remove(place)
    const added = state.visits.slice(at, Math.min(at + visitsPerStep, end)).filter(hasEnded)
    ended.splice(at, removed.length, ...added.map(add))
    visits?.splice(at, removed.length, ...added)
    remaining -= removed.length
    at += added.length
    const order: EngineOrder = {
      ...before,
      ended,
      ...(before.state && visits && { state: { ...before.state, visits } }),
      isPartial: true,
    }
    put(order)
    yield
    if (get() !== order) return false
  }
  return true
}

/**
 * Changes the places of the ended visits of an order one after the other, so that the order is counted exactly once,
 * even if a long one yields in between. If the order changed during a yield, the loop restarts; the last pass does not
 * yield.
 * @param get returns the order as currently stored.
 */
export function* eachEndedVisit(
  get: () => EngineOrder | undefined,
  change: (place: number, order: EngineOrder, index: number) => number,
): Generator<void> {
  for (let pass = 1; ; pass++) {
    const order = get()
    if (order === undefined) return
    for (const [index, place] of order.ended.entries()) {
      if (index > 0 && index % visitsPerStep === 0 && pass < maxPasses) {
        yield
        if (get() !== order) break
      }
      order.ended[index] = change(place, order, index)
    }
    if (get() === order) return
  }
}
