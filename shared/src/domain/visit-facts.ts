import type { ClosedVisit } from './evolve-visits.ts'
import { progressOf } from './evolve-visits.ts'
import type { FoldState } from './fold-state.ts'
import type { OrderEvent } from './order-event.ts'
import type { StageVisit } from './stage-visit.ts'

/** What the event says of the order. The department that it names is that of the visit. */
export function attributesOf({ data: { department: _, ...attributes } }: OrderEvent): OrderEvent['data'] {
  return attributes
}

/** The visit in somebody's hands from an instant on; without anybody it stays as it is. */
export function ownedVisit(visit: StageVisit, actor: string | undefined, at: number): StageVisit {
  if (actor === undefined || actor === visit.owner) return visit
  const isFirst = visit.owner === undefined
  if (isFirst && at === visit.enteredAt) return { ...visit, owner: actor }
  const before = visit.handovers ?? (visit.owner === undefined ? [] : [{ at: visit.enteredAt, owner: visit.owner }])
  return { ...visit, owner: actor, handovers: [...before, { at, owner: actor }] }
}

/** From where a visit that only its end reports may count, so that no time counts twice. */
export function unaccountedSince(state: FoldState): number | undefined {
  if (state.lastStageAt === undefined) return state.placedAt
  return Math.max(state.lastStageAt, state.visits.at(-1)?.leftAt ?? state.lastStageAt)
}

/** What a completion says of the beginning of work was not known while the order waited, and was no progress then. */
export function visitAsSeen(visit: StageVisit, { data: { startedAt } }: OrderEvent): StageVisit {
  if (typeof startedAt !== 'number' || startedAt === visit.startedAt) return visit
  return { ...visit, progress: progressOf(visit) }
}

/** The visit with what its completion says of it. */
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
