import { settledVisit, settledVisits } from './attributes-of-visit.ts'
import type { FoldState, HoldSpan } from './fold-state.ts'
import { heldMsWithin } from './hold-time.ts'
import type { OrderEvent } from './order-event.ts'
import { evolveAttributes } from './order-attributes.ts'
import { waitCauses } from './stage-visit.ts'
import type { StageVisit } from './stage-visit.ts'

/**
 * A state whose lists belong to the fold that is running and grow in place: copying them for each event would make a
 * long order cost the square of its length. The visits themselves are never changed, they are replaced.
 */
export interface FoldDraft extends FoldState {
  readonly visits: StageVisit[]
  readonly holds: HoldSpan[]
}

export type ClosedVisit = StageVisit & { readonly leftAt: number }

function isOver(visit: StageVisit): visit is ClosedVisit {
  return visit.leftAt !== undefined
}

/** A state that may be changed without changing the one it was made of. */
export function draftOf(state: FoldState): FoldDraft {
  return { ...state, visits: [...state.visits], holds: [...state.holds] }
}

/** The visit that the order is in, which is always its last. */
export function openVisit(state: Pick<FoldState, 'visits'>): StageVisit | undefined {
  const last = state.visits.at(-1)
  return last?.leftAt === undefined ? last : undefined
}

/** A visit from `enteredAt` that has not been added to the order yet. */
export function newVisit(state: FoldState, stage: string, enteredAt: number): StageVisit {
  const visit = { stage, nth: nextNth(state, stage), enteredAt, heldMs: 0 }
  return state.heldSince === undefined ? visit : { ...visit, heldSince: enteredAt }
}

/** Of a visit that comes after all others of the stage: the latest one has counted those before it. */
export function nextNth({ visits }: Pick<FoldState, 'visits'>, stage: string): number {
  return (visits.findLast((visit) => visit.stage === stage)?.nth ?? 0) + 1
}

/**
 * Adds a visit that has ended where it belongs in the order of entering, which is before others when stages go on at the
 * same time; the open visit stays the last.
 */
export function placeVisit(state: FoldDraft, visit: ClosedVisit): FoldDraft {
  const { visits, attributes } = state
  let place = openVisit(state) === undefined ? visits.length : visits.length - 1
  while (place > 0 && (visits[place - 1]?.enteredAt ?? 0) > visit.enteredAt) place -= 1
  const nth = nextNth({ visits: visits.slice(0, place) }, visit.stage)
  const later = visits.slice(place)
  // Those in front of a visit that has its attributes have theirs, too.
  const isSettled = later.some((other) => other.attributes !== undefined)
  visits.splice(place, later.length, isSettled ? settledVisit({ ...visit, nth }, attributes) : { ...visit, nth })
  for (const other of later) visits.push(other.stage === visit.stage ? { ...other, nth: other.nth + 1 } : other)
  return state
}

/** The order with nothing going on besides its open visit: what else went on has ended at `at`. */
export function endOthersUnderWay(state: FoldDraft, at: number, isCancelled = false): FoldDraft {
  if (state.underWay === undefined && state.openInstance === undefined) return state
  const { underWay = [], openInstance: _, ...rest } = state
  for (const { visit } of underWay) {
    const closed = closedVisit(rest, visit, Math.max(at, visit.enteredAt))
    placeVisit(rest, isCancelled ? { ...closed, cancelled: true } : closed)
  }
  return rest
}

export function addVisit(state: FoldDraft, visit: StageVisit): FoldDraft {
  state.visits.push(visit)
  return state
}

/** The order with its open visit changed; as it was when it is in no stage. */
export function changeOpenVisit(state: FoldDraft, change: (visit: StageVisit) => StageVisit): FoldDraft {
  const open = openVisit(state)
  if (open === undefined) return state
  const changed = change(open)
  const before = state.visits.at(-2)
  if (!isOver(changed) || before === undefined || before.enteredAt <= changed.enteredAt) {
    state.visits[state.visits.length - 1] = changed
    return state
  }
  // It began before others that have ended meanwhile.
  state.visits.pop()
  return placeVisit(state, changed)
}

/** The order in no stage: its open visit has ended at `leftAt`. */
export function closeOpenVisit(state: FoldDraft, leftAt: number): FoldDraft {
  return changeOpenVisit(state, (visit) => closedVisit(state, visit, leftAt))
}

export function closedVisit(state: FoldState, visit: StageVisit, leftAt: number): ClosedVisit {
  const { heldSince: _, ...rest } = visit
  return { ...rest, leftAt, heldMs: heldMsWithin(state, visit.enteredAt, leftAt) }
}

/** The order with what the event says of it; visits that have ended keep what was known of it until then. */
export function changeAttributes(state: FoldDraft, data: OrderEvent['data']): FoldDraft {
  const attributes = evolveAttributes(state.attributes, data)
  if (attributes === state.attributes) return state
  settledVisits(state.visits, state.attributes, attributes)
  return { ...state, attributes }
}

/**
 * Of the instants at which an order moved on, only the last one before each quarter hour since 1970 UTC is kept: counts
 * over time are read at these, and a machine that reports every second fills no row.
 */
export const progressStepMs = 15 * 60_000

/** The order that moved on at `at`, noted where nothing else of its open visit says so. */
export function progressed(state: FoldDraft, at: number): FoldDraft {
  return changeOpenVisit(state, (visit) => {
    const { enteredAt, startedAt, progress } = visit
    const isKnown = at === enteredAt || at === state.holds.at(-1)?.to || (progress === undefined && at === startedAt)
    return isKnown ? visit : { ...visit, progress: withInstant(progressOf(visit), at) }
  })
}

/** When the order moved on within the visit, entering and ends of holds left out. */
export function progressOf({ progress, startedAt }: Pick<StageVisit, 'progress' | 'startedAt'>): readonly number[] {
  return progress ?? (startedAt === undefined ? [] : [startedAt])
}

function withInstant(instants: readonly number[], at: number): readonly number[] {
  const last = instants.at(-1)
  const isSameStep = last !== undefined && Math.ceil(last / progressStepMs) === Math.ceil(at / progressStepMs)
  return [...(isSameStep ? instants.slice(0, -1) : instants), at]
}

/** The visit with what the event says that it waits for; as it was when it says nothing. */
export function waitingVisit(visit: StageVisit, { data, occurredAt: at }: OrderEvent): StageVisit {
  const cause = waitCauses.find((known) => known === data['waitingFor'])
  if (cause === undefined || cause === visit.waits?.at(-1)?.cause) return visit
  return { ...visit, waits: [...(visit.waits ?? []), { at, cause }] }
}
