import { changeOpenVisit, closeOpenVisit, endOtherActivities } from './evolve-visits.ts'
import type { FoldDraft } from './evolve-visits.ts'
import { overlapMs } from './holds.ts'

/**
 * The order after it was completed or cancelled, by an event of its own or by entering the terminal stage `byStage`.
 */
export function endOrder(state: FoldDraft, status: 'completed' | 'cancelled', at: number, byStage?: string): FoldDraft {
  if (state.status === status) return state
  const alone = endOtherActivities(state, at, status === 'cancelled')
  const marked = status === 'cancelled' ? changeOpenVisit(alone, (visit) => ({ ...visit, cancelled: true })) : alone
  const { endedByStage: _, ...ended } = endHold(closeOpenVisit(marked, at), at)
  return { ...ended, status, endedAt: at, ...(byStage !== undefined && { endedByStage: byStage }) }
}

/** Reopens an ended order and counts that; an open order is returned unchanged. */
export function reopenOrder(state: FoldDraft): FoldDraft {
  if (state.status === 'open') return state
  const { endedAt: _endedAt, endedByStage: _endedByStage, ...rest } = state
  return { ...rest, status: 'open', reopenedCount: state.reopenedCount + 1 }
}

/**
 * Puts an open order on hold from `at`; one that is already on hold keeps its start.
 * @param until Epoch ms; the last value applies. Anything else means no end.
 */
export function startHold(state: FoldDraft, at: number, until: unknown): FoldDraft {
  if (state.status !== 'open') return state
  const limited = typeof until === 'number' && until > at ? { ...state, heldUntil: until } : state
  if (state.heldSince !== undefined) return limited
  return changeOpenVisit({ ...limited, heldSince: at }, (visit) => ({ ...visit, heldSince: at }))
}

/**
 * Changes the end of the current hold, which has none if the event gives none; no effect if the order is not on hold.
 * @param until See `startHold`.
 */
export function changeHold(state: FoldDraft, at: number, until: unknown): FoldDraft {
  if (state.heldSince === undefined) return state
  const { heldUntil: _, ...open } = state
  return startHold(open, at, until)
}

/** Ends the hold of the order at `at`. */
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

/** The order at `at`: a hold whose end has passed is over since then, which counts as progress of the order. */
export function endPassedHold(state: FoldDraft, at: number): FoldDraft {
  const { heldUntil } = state
  if (heldUntil === undefined || heldUntil > at) return state
  return { ...endHold(state, heldUntil), lastProgressAt: heldUntil }
}
