import type { ClosedVisit } from './evolve-visits.ts'
import { progressOf } from './evolve-visits.ts'
import { appended } from './owned-list.ts'
import type { FoldState } from './fold-state.ts'
import type { OrderEvent } from './order-event.ts'
import type { Handover, StageVisit } from './stage-visit.ts'

/** The visit with a new owner from an instant on; unchanged if there is no actor. */
export function ownedVisit(visit: StageVisit, actor: string | undefined, at: number): StageVisit {
  if (actor === undefined || actor === visit.owner) return visit
  const isFirst = visit.owner === undefined
  if (isFirst && at === visit.enteredAt) return { ...visit, owner: actor }
  const before: readonly Handover[] =
    visit.handovers ?? (visit.owner === undefined ? [] : [{ at: visit.enteredAt, owner: visit.owner }])
  return { ...visit, owner: actor, handovers: appended(before, { at, owner: actor }) }
}

/** The earliest start of a visit that is only reported by its end, so that no time counts twice. */
export function unaccountedSince(state: FoldState): number | undefined {
  if (state.lastStageAt === undefined) return state.placedAt
  return Math.max(state.lastStageAt, state.visits.at(-1)?.leftAt ?? state.lastStageAt)
}

/**
 * The start of work that a completion reports was not known while the order waited, so it did not count as progress
 * then.
 */
export function visitAsSeen(visit: StageVisit, { data: { startedAt } }: OrderEvent): StageVisit {
  if (typeof startedAt !== 'number' || startedAt === visit.startedAt) return visit
  return { ...visit, progress: progressOf(visit) }
}

/** The visit with the start of work and the department that its completion reports. */
export function workedVisit(visit: ClosedVisit, event: OrderEvent): ClosedVisit {
  const startedAt = event.data['startedAt']
  const known = inDepartment(visit, event)
  if (typeof startedAt !== 'number') return known
  return { ...known, startedAt: Math.max(visit.enteredAt, Math.min(startedAt, visit.leftAt)) }
}

/** The visit in the department that the event names. */
export function inDepartment<T extends StageVisit>(visit: T, event: OrderEvent): T {
  const department = event.data['department']
  return typeof department === 'string' ? { ...visit, department } : visit
}
