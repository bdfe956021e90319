import { attributesOfVisit } from '../attributes-of-visit.ts'
import type { FoldedOrder } from '../fold-state.ts'
import type { OrderAttributes } from '../order-attributes.ts'
import { firstEntered, lastLeftAt } from '../stage-visit.ts'
import type { StageVisit } from '../stage-visit.ts'
import { holdsDuring } from '../visit-clock.ts'

/** The departments whose orders somebody may see, by name; undefined: all of the site. */
export type DepartmentScope = readonly string[] | undefined

/**
 * Whose a visit is: of the department that an event of the visit named, else of the one that the order belonged to
 * while it lasted; empty: nobody's.
 * @param visit undefined: the order as a whole.
 */
export function departmentOf(attributes: OrderAttributes, visit: StageVisit | undefined): string {
  return visit?.department ?? attributesOfVisit(attributes, visit).department ?? ''
}

export function isInScope(scope: DepartmentScope, attributes: OrderAttributes, visit: StageVisit | undefined): boolean {
  return scope === undefined || scope.includes(departmentOf(attributes, visit))
}

/** What somebody may ask for: the departments that were asked for, as far as they may be seen. */
export function narrowedScope(asked: DepartmentScope, scope: DepartmentScope): DepartmentScope {
  if (scope === undefined) return asked
  return asked === undefined ? scope : asked.filter((department) => scope.includes(department))
}

/** Whether all of one scope lies within the other. */
export function isWithinScope(inner: DepartmentScope, outer: DepartmentScope): boolean {
  return outer === undefined || (inner !== undefined && inner.every((department) => outer.includes(department)))
}

/**
 * The order as the departments of a scope have to do with it: their visits. It arrived when it first came to them,
 * and one that has gone on to others has left, as far as they are concerned. A hold that went on when it left still
 * stopped the clocks of their visits: for them it ended when the order left.
 * @returns undefined when they never had it.
 */
export function orderInScope(state: FoldedOrder, scope: DepartmentScope): FoldedOrder | undefined {
  if (scope === undefined) return state
  const { visits, attributes } = state
  if (visits.length === 0) return isInScope(scope, attributes, undefined) ? state : undefined
  const seen = visits.filter((visit) => isInScope(scope, attributes, visit))
  const first = firstEntered(seen)
  if (first === undefined) return undefined
  const arrived = first === firstEntered(visits) ? {} : { placedAt: first.enteredAt, firstAt: first.enteredAt }
  if (seen.at(-1) === visits.at(-1)) return { ...state, ...arrived, visits: seen }
  const { heldSince: _heldSince, heldUntil: _heldUntil, ...rest } = state
  // Only the last visit of an order can be open, and it is not theirs.
  const leftAt = lastLeftAt(seen)
  const holds = holdsDuring(state, { enteredAt: first.enteredAt, leftAt }).map(({ from, to }) => {
    return { from, to: Math.min(to, leftAt) }
  })
  return { ...rest, ...arrived, visits: seen, holds, status: 'cancelled', endedAt: leftAt }
}
