import { changeOpenVisit, closeOpenVisit, endOthersUnderWay } from './evolve-visits.ts'
import type { FoldDraft } from './evolve-visits.ts'
import { overlapMs } from './hold-time.ts'

/** The order after it was completed or cancelled, by an event of its own or by arriving in the terminal `byStage`. */
export function endOrder(state: FoldDraft, status: 'completed' | 'cancelled', at: number, byStage?: string): FoldDraft {
  if (state.status === status) return state
  const alone = endOthersUnderWay(state, at, status === 'cancelled')
  const marked = status === 'cancelled' ? changeOpenVisit(alone, (visit) => ({ ...visit, cancelled: true })) : alone
  const { endedByStage: _, ...ended } = endHold(closeOpenVisit(marked, at), at)
  return { ...ended, status, endedAt: at, ...(byStage !== undefined && { endedByStage: byStage }) }
}

/** The order open again if it had ended, which is counted. */
export function reopenOrder(state: FoldDraft): FoldDraft {
  if (state.status === 'open') return state
  const { endedAt: _endedAt, endedByStage: _endedByStage, ...rest } = state
  return { ...rest, status: 'open', reopenedCount: state.reopenedCount + 1 }
}

/**
 * The order on hold from `at`, if it is open; one that is on hold already stays so since then.
 * @param until epoch ms; the last one that was said counts. Anything else says no end.
 */
export function startHold(state: FoldDraft, at: number, until: unknown): FoldDraft {
  if (state.status !== 'open') return state
  const limited = typeof until === 'number' && until > at ? { ...state, heldUntil: until } : state
  if (state.heldSince !== undefined) return limited
  return changeOpenVisit({ ...limited, heldSince: at }, (visit) => ({ ...visit, heldSince: at }))
}

/**
 * The order with another end of its hold, which is none where nobody says one; one that is not on hold stays so.
 * @param until see `startHold`.
 */
export function changeHold(state: FoldDraft, at: number, until: unknown): FoldDraft {
  if (state.heldSince === undefined) return state
  const { heldUntil: _, ...open } = state
  return startHold(open, at, until)
}

/** The order no longer on hold from `at`. */
export function endHold(state: FoldDraft, at: number): FoldDraft {
  const { heldSince, heldUntil: _until, isSuspended: _suspended, ...rest } = state
  if (heldSince === undefined) return state
  const hold = { from: heldSince, to: at }
  rest.holds.push(hold)
  return changeOpenVisit(rest, (visit) => {
    const { heldSince: _, ...running } = visit
    return { ...running, heldMs: visit.heldMs + overlapMs(hold, visit.enteredAt, at) }
  })
}

/** The order at `at`: a hold whose end has come is over since then, and the order has moved on by that. */
export function endPassedHold(state: FoldDraft, at: number): FoldDraft {
  const { heldUntil } = state
  if (heldUntil === undefined || heldUntil > at) return state
  return { ...endHold(state, heldUntil), lastProgressAt: heldUntil }
}
