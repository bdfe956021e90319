import { effectiveSteps } from './effective-events.ts'
import { evolveDraft } from './evolve-order.ts'
import type { FoldDraft } from './evolve-visits.ts'
import { finished } from './finished.ts'
import type { FoldRules, FoldState } from './fold-state.ts'
import type { OrderEvent } from './order-event.ts'
import { processNamedBy } from './order-attributes.ts'

/**
 * What all events of an order say of it, in whatever order and however often they arrived; events of other orders
 * are passed over. Undefined: no event counts, because there is none or all were taken back. Such an order has to be
 * folded again when an event arrives, because a void may be waiting for it.
 */
export function foldOrder(order: string, log: readonly OrderEvent[], rules: FoldRules): FoldState | undefined {
  return finished(foldSteps(order, log, () => rules))
}

/** Events of a step of `foldSteps`: some µs. */
const eventsPerStep = 16

/**
 * The same in steps, between which a long order lets everything else have its turn.
 * @param rulesOf the process that the events that count name last; undefined: they name none.
 */
export function* foldSteps(
  order: string,
  log: readonly OrderEvent[],
  rulesOf: (process: string | undefined) => FoldRules,
): Generator<void, FoldState | undefined> {
  const { events, voidedAhead } = yield* effectiveSteps(order, log)
  const rules = rulesOf(processNamedBy(events))
  let state: FoldDraft | undefined
  for (const [i, event] of events.entries()) {
    state = evolveDraft(state, event, rules)
    if (i % eventsPerStep === 0) yield
  }
  return state === undefined || voidedAhead.length === 0 ? state : { ...state, voidedAhead }
}
