import type { OpenVisit } from './open-visits.ts'

/** Conditions that an open visit can enter by time alone or through an event. */
export const visitConditions = ['overdue', 'atRisk', 'stalled'] as const
export type VisitCondition = (typeof visitConditions)[number]

/** A visit entered or left a condition. */
export interface StatusEdge {
  readonly order: string
  readonly process: string
  readonly stage: string
  /** See `StageVisit`. */
  readonly nth: number
  readonly condition: VisitCondition
  readonly change: 'began' | 'ended'
  /** Epoch ms. If time alone caused it, the earliest instant that was due, even if it was noticed later. */
  readonly at: number
}

/**
 * Changes between two states of an order's open visit; undefined if there was or is none. The end of a visit ends its
 * conditions, so the order's next visit starts without any.
 * @param at the instant of the event, if one caused it.
 */
export function statusEdges(before: OpenVisit | undefined, after: OpenVisit | undefined, at: number): StatusEdge[] {
  const isSame = before !== undefined && after !== undefined && isSameVisit(before, after)
  if (isSame && before.status === after.status) return []
  const edges: StatusEdge[] = []
  for (const condition of visitConditions) {
    const was = before?.status[condition] === true
    const is = after?.status[condition] === true
    if (before !== undefined && was && !(isSame && is)) edges.push(edge(before, condition, 'ended', at))
    if (after !== undefined && is && !(isSame && was)) {
      const dueAt = condition === 'overdue' ? after.status.dueAt : undefined
      edges.push(edge(after, condition, 'began', dueAt ?? at))
    }
  }
  return edges
}

function isSameVisit(a: OpenVisit, b: OpenVisit): boolean {
  return a.state.order === b.state.order && a.aggregates === b.aggregates && a.visit.nth === b.visit.nth
}

function edge(
  { state, visit, aggregates }: OpenVisit,
  condition: VisitCondition,
  change: StatusEdge['change'],
  at: number,
): StatusEdge {
  return { order: state.order, process: aggregates.process, stage: visit.stage, nth: visit.nth, condition, change, at }
}
