import { allVisits, splitVisits, otherOpenVisits } from '../all-visits.ts'
import { attributesOfVisit } from '../attributes-of-visit.ts'
import type { FoldedOrder } from '../fold-state.ts'
import type { OrderAttributes } from '../order-attributes.ts'
import { firstEntered, lastLeftAt } from '../stage-visit.ts'
import type { StageVisit } from '../stage-visit.ts'
import { holdsDuring } from '../visit-clock.ts'

/** Names of the departments whose orders somebody may see. Undefined: all departments of the site. */
export type DepartmentScope = readonly string[] | undefined

/**
 * The department of a visit: the one that an event of the visit named, else the one to which the order belonged during
 * the visit; empty: none.
 * @param visit Undefined: the order as a whole.
 */
export function departmentOf(attributes: OrderAttributes, visit: StageVisit | undefined): string {
  return visit?.department ?? attributesOfVisit(attributes, visit).department ?? ''
}

export function isInScope(scope: DepartmentScope, attributes: OrderAttributes, visit: StageVisit | undefined): boolean {
  return scope === undefined || scope.includes(departmentOf(attributes, visit))
}

/** The requested departments, restricted to those that may be seen. */
export function narrowedScope(asked: DepartmentScope, scope: DepartmentScope): DepartmentScope {
  if (scope === undefined) return asked
  return asked === undefined ? scope : asked.filter((department) => scope.includes(department))
}

/** Whether the outer scope contains all of the inner one. */
export function isWithinScope(inner: DepartmentScope, outer: DepartmentScope): boolean {
  return outer === undefined || (inner !== undefined && inner.every((department) => outer.includes(department)))
}

/**
 * The order as the departments see it while they work on it: of several concurrent activities, their most recent one is
 * the current visit.
 */
export function orderForDepartments(state: FoldedOrder, departments: DepartmentScope): FoldedOrder {
  const { visits, attributes, underWay } = state
  const open = visits.at(-1)
  if (departments === undefined || underWay === undefined || open === undefined) return state
  if (isInScope(departments, attributes, open)) return state
  const going = [...otherOpenVisits(state)]
  const place = going.findLastIndex((visit) => isInScope(departments, attributes, visit))
  const [theirs] = place < 0 ? [] : going.splice(place, 1, open)
  if (theirs === undefined) return state
  return { ...state, visits: [...visits.slice(0, -1), theirs], underWay: going.map((visit) => ({ visit })) }
}

/**
 * The order restricted to the visits of the departments in a scope. It arrived when it first entered one of them, and
 * ended for them when it moved on to others; of concurrent activities, their most recent one is the current visit. A
 * hold that was active when the order left stopped the clocks of their visits too, so it ends for them when the order
 * left.
 * @returns Undefined if the order was never in the scope.
 */
export function orderInScope(state: FoldedOrder, scope: DepartmentScope): FoldedOrder | undefined {
  if (scope === undefined) return state
  const standing = orderForDepartments(state, scope)
  const { attributes } = state
  const visits = allVisits(standing)
  if (visits.length === 0) return isInScope(scope, attributes, undefined) ? state : undefined
  const seen = visits.filter((visit) => isInScope(scope, attributes, visit))
  const first = firstEntered(seen)
  if (first === undefined) return undefined
  const arrived = first === firstEntered(visits) ? {} : { placedAt: first.enteredAt, firstAt: first.enteredAt }
  const { underWay: _underWay, ...rest } = standing
  if (seen.at(-1) === visits.at(-1)) return { ...rest, ...arrived, ...splitVisits(seen) }
  const { heldSince: _heldSince, heldUntil: _heldUntil, ...left } = rest
  // None of the open visits is in the scope.
  const leftAt = lastLeftAt(seen)
  const holds = holdsDuring(state, { enteredAt: first.enteredAt, leftAt }).map(({ from, to }) => {
    return { from, to: Math.min(to, leftAt) }
  })
  return { ...left, ...arrived, visits: seen, holds, status: 'cancelled', endedAt: leftAt }
}
