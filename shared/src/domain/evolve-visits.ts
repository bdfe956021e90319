import type { FoldState } from './fold-state.ts'
import { heldMsWithin } from './hold-time.ts'
import type { OrderEvent } from './order-event.ts'
import { waitCauses } from './stage-visit.ts'
import type { StageVisit } from './stage-visit.ts'

export type ClosedVisit = StageVisit & { readonly leftAt: number }

/** The visit that the order is in, which is always its last. */
export function openVisit(state: Pick<FoldState, 'visits'>): StageVisit | undefined {
  const last = state.visits.at(-1)
  return last?.leftAt === undefined ? last : undefined
}

/** A visit from `enteredAt` that has not been added to the order yet. */
export function newVisit(state: FoldState, stage: string, enteredAt: number): StageVisit {
  const earlier = state.visits.reduce((count, visit) => (visit.stage === stage ? count + 1 : count), 0)
  const visit = { stage, nth: earlier + 1, enteredAt, heldMs: 0 }
  return state.heldSince === undefined ? visit : { ...visit, heldSince: enteredAt }
}

export function addVisit(state: FoldState, visit: StageVisit): FoldState {
  return { ...state, visits: [...state.visits, visit] }
}

/** The order with its open visit changed; as it was when it is in no stage. */
export function changeOpenVisit(state: FoldState, change: (visit: StageVisit) => StageVisit): FoldState {
  const open = openVisit(state)
  return open === undefined ? state : { ...state, visits: [...state.visits.slice(0, -1), change(open)] }
}

/** The order in no stage: its open visit has ended at `leftAt`. */
export function closeOpenVisit(state: FoldState, leftAt: number): FoldState {
  return changeOpenVisit(state, (visit) => closedVisit(state, visit, leftAt))
}

export function closedVisit(state: FoldState, visit: StageVisit, leftAt: number): ClosedVisit {
  const { heldSince: _, ...rest } = visit
  return { ...rest, leftAt, heldMs: heldMsWithin(state, visit.enteredAt, leftAt) }
}

/** The visit with what the event says that it waits for; as it was when it says nothing. */
export function waitingVisit(visit: StageVisit, { data, occurredAt: at }: OrderEvent): StageVisit {
  const cause = waitCauses.find((known) => known === data['waitingFor'])
  if (cause === undefined || cause === visit.waits?.at(-1)?.cause) return visit
  return { ...visit, waits: [...(visit.waits ?? []), { at, cause }] }
}
