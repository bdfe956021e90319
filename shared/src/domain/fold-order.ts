import { effectiveSteps } from './effective-events.ts'
import { evolveDraft } from './evolve-order.ts'
import type { FoldDraft } from './evolve-visits.ts'
import { runToEnd } from './run-to-end.ts'
import type { FoldRules, FoldState } from './fold-state.ts'
import type { OrderEvent } from './order-event.ts'
import { processNamedBy } from './order-attributes.ts'

/**
 * The state of an order derived from all its events, independent of their order of arrival and of duplicates; events of
 * other orders are ignored. Undefined: no event counts, because there is none or all were voided. Such an order must be
 * folded again when an event arrives, because a void may already refer to it.
 */
export function foldOrder(order: string, log: readonly OrderEvent[], rules: FoldRules): FoldState | undefined {
  return runToEnd(foldSteps(order, log, () => rules))
}

/** Number of events per step of `foldSteps`: some µs. */
const eventsPerStep = 16

/**
 * The same in steps, so that a long order does not block the event loop.
 * @param rulesOf Returns the rules of the process that the counting events name last. Undefined: they name none.
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
