import type { OpenVisit } from './open-visits.ts'

/** What a visit that is open can become, by time alone or because of an event. */
export const visitConditions = ['overdue', 'atRisk', 'stalled'] as const
export type VisitCondition = (typeof visitConditions)[number]

/** A visit began or ceased to be in a condition. */
export interface StatusEdge {
  readonly order: string
  readonly process: string
  readonly stage: string
  /** See `StageVisit`. */
  readonly nth: number
  readonly condition: VisitCondition
  readonly change: 'began' | 'ended'
  /** Epoch ms; when time alone did it, the earliest instant that was due, even if it was noticed later. */
  readonly at: number
}

/**
 * What changed from one state of an order's open visit to the next; undefined: there was or is none. A visit that ends
 * ends its conditions, so that another visit of the order begins without any.
 * @param at when an event did it.
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
  return (
    a.state.order === b.state.order &&
    a.aggregates === b.aggregates &&
    a.visit.stage === b.visit.stage &&
    a.visit.nth === b.visit.nth
  )
}

function edge(
  { state, visit, aggregates }: OpenVisit,
  condition: VisitCondition,
  change: StatusEdge['change'],
  at: number,
): StatusEdge {
  return { order: state.order, process: aggregates.process, stage: visit.stage, nth: visit.nth, condition, change, at }
}
