import { settledVisit, settledVisits } from './attributes-of-visit.ts'
import type { FoldState, HoldSpan } from './fold-state.ts'
import { heldMsWithin } from './holds.ts'
import type { OrderEvent } from './order-event.ts'
import { markShared, appended, withLastReplaced } from './owned-list.ts'
import { evolveAttributes } from './order-attributes.ts'
import { positionStepMs, waitCauses } from './stage-visit.ts'
import type { StageVisit } from './stage-visit.ts'

/**
 * A state whose lists belong to the running fold and grow in place: copying them for each event would take quadratic
 * time for a long order. The visits themselves are never changed but replaced.
 */
export interface FoldDraft extends FoldState {
  readonly visits: StageVisit[]
  readonly holds: HoldSpan[]
}

export type ClosedVisit = StageVisit & { readonly leftAt: number }

function isOver(visit: StageVisit): visit is ClosedVisit {
  return visit.leftAt !== undefined
}

/** A state that can be changed without changing the original. */
export function draftOf(state: FoldState): FoldDraft {
  for (const visit of [openVisit(state), ...(state.underWay ?? []).map((activity) => activity.visit)])
    for (const list of [visit?.progress, visit?.positions, visit?.handovers, visit?.waits])
      if (list !== undefined) markShared(list)
  return { ...state, visits: [...state.visits], holds: [...state.holds] }
}

/** The current visit of the order, which is always its last. */
export function openVisit(state: Pick<FoldState, 'visits'>): StageVisit | undefined {
  const last = state.visits.at(-1)
  return last?.leftAt === undefined ? last : undefined
}

/** A visit from `enteredAt` that has not been added to the order yet. */
export function newVisit(state: FoldState, stage: string, enteredAt: number): StageVisit {
  const visit = { stage, nth: nextNth(state, stage), enteredAt, heldMs: 0 }
  return state.heldSince === undefined ? visit : { ...visit, heldSince: enteredAt }
}

/**
 * `nth` of a visit that comes after the first `place` visits, derived from the latest visit of its stage. No list is
 * copied, because doing that for each event would take quadratic time for a long order.
 */
export function nextNth({ visits }: Pick<FoldState, 'visits'>, stage: string, place: number = visits.length): number {
  for (let i = place - 1; i >= 0; i--) {
    const visit = visits[i]
    if (visit?.stage === stage) return visit.nth + 1
  }
  return 1
}

/**
 * Inserts an ended visit in the order of entering; it may precede others if activities are concurrent. The open visit
 * stays the last.
 */
export function placeVisit(state: FoldDraft, visit: ClosedVisit): FoldDraft {
  const { visits, attributes } = state
  let place = openVisit(state) === undefined ? visits.length : visits.length - 1
  while (place > 0 && (visits[place - 1]?.enteredAt ?? 0) > visit.enteredAt) place -= 1
  const nth = nextNth(state, visit.stage, place)
  const later = visits.slice(place)
  // Visits before one that has its attributes already have theirs.
  const isSettled = later.some((other) => other.attributes !== undefined)
  visits.splice(place, later.length, isSettled ? settledVisit({ ...visit, nth }, attributes) : { ...visit, nth })
  const counted = (other: StageVisit): StageVisit =>
    other.stage === visit.stage ? { ...other, nth: other.nth + 1 } : other
  for (const other of later) visits.push(counted(other))
  if (state.underWay === undefined) return state
  return { ...state, underWay: state.underWay.map((going) => ({ ...going, visit: counted(going.visit) })) }
}

/** Ends all open visits other than the current one at `at`. */
export function endOtherActivities(state: FoldDraft, at: number, isCancelled = false): FoldDraft {
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

/** Replaces the current visit; no effect if the order is in no stage. */
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

/**
 * Replaces the visit that an event is about: of several open ones the one in the stage that the event names, else the
 * current one.
 */
export function changeNamedVisit(
  state: FoldDraft,
  stage: string | undefined,
  change: (visit: StageVisit) => StageVisit,
): FoldDraft {
  const { underWay = [] } = state
  const isOpenOne = stage === undefined || openVisit(state)?.stage === stage
  const place = isOpenOne ? -1 : underWay.findLastIndex(({ visit }) => visit.stage === stage)
  const named = underWay[place]
  if (named === undefined) return changeOpenVisit(state, change)
  return { ...state, underWay: underWay.with(place, { ...named, visit: change(named.visit) }) }
}

/** Ends the current visit at `leftAt`, so that the order is in no stage. */
export function closeOpenVisit(state: FoldDraft, leftAt: number): FoldDraft {
  return changeOpenVisit(state, (visit) => closedVisit(state, visit, leftAt))
}

export function closedVisit(state: FoldState, visit: StageVisit, leftAt: number): ClosedVisit {
  const { heldSince: _, ...rest } = visit
  return { ...rest, leftAt, heldMs: heldMsWithin(state, visit.enteredAt, leftAt) }
}

/** Applies the event's attributes to the order; ended visits keep the attributes of their time. */
export function changeAttributes(state: FoldDraft, data: OrderEvent['data']): FoldDraft {
  const attributes = evolveAttributes(state.attributes, data)
  if (attributes === state.attributes) return state
  settledVisits(state.visits, state.attributes, attributes)
  return { ...state, attributes }
}

/**
 * Of the instants of progress, only the last one in each quarter hour since 1970 UTC is kept: counts over time are read
 * at these boundaries, and a machine that reports every second must not fill a row.
 */
export const progressStepMs = 15 * 60_000

/** Records progress of the order at `at`, unless another field of its current visit already does. */
export function progressed(state: FoldDraft, at: number): FoldDraft {
  return changeOpenVisit(state, (visit) => {
    const { enteredAt, startedAt, progress } = visit
    const isKnown = at === enteredAt || at === state.holds.at(-1)?.to || (progress === undefined && at === startedAt)
    return isKnown ? visit : { ...visit, progress: withInstant(progressOf(visit), at) }
  })
}

/** Instants of progress within the visit, other than entering and the ends of holds. */
export function progressOf({ progress, startedAt }: Pick<StageVisit, 'progress' | 'startedAt'>): readonly number[] {
  return progress ?? (startedAt === undefined ? [] : [startedAt])
}

function withInstant(instants: readonly number[], at: number): readonly number[] {
  const last = instants.at(-1)
  const isSameStep = last !== undefined && Math.ceil(last / progressStepMs) === Math.ceil(at / progressStepMs)
  return isSameStep ? withLastReplaced(instants, at) : appended(instants, at)
}

/** Records that the position of the order was reported at `at`, in all of its open visits. */
export function positioned(state: FoldDraft, at: number): FoldDraft {
  const noted = changeOpenVisit(state, (visit) => positionedVisit(visit, at))
  if (noted.underWay === undefined) return noted
  return { ...noted, underWay: noted.underWay.map((going) => ({ ...going, visit: positionedVisit(going.visit, at) })) }
}

function positionedVisit(visit: StageVisit, at: number): StageVisit {
  const { positions = [] } = visit
  const last = positions.at(-1) ?? visit.enteredAt
  if (at <= last) return visit
  const stepOf = (instant: number | undefined) =>
    instant === undefined ? undefined : Math.floor(instant / positionStepMs)
  const replacesLast = positions.length > 1 && stepOf(at) === stepOf(last) && stepOf(at) === stepOf(positions.at(-2))
  return { ...visit, positions: replacesLast ? withLastReplaced(positions, at) : appended(positions, at) }
}

/** The visit with the cause of waiting that the event gives; unchanged if it gives none. */
export function waitingVisit(visit: StageVisit, { data, occurredAt: at }: OrderEvent): StageVisit {
  const cause = waitCauses.find((known) => known === data['waitingFor'])
  if (cause === undefined || cause === visit.waits?.at(-1)?.cause) return visit
  return { ...visit, waits: appended(visit.waits ?? [], { at, cause }) }
}
