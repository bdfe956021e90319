import type { FoldedOrder } from './fold-state.ts'
import { heldMsWithin } from './holds.ts'
import { isOpen } from './stage-visit.ts'
import type { StageVisit } from './stage-visit.ts'

type VisitsOfOrder = Pick<FoldedOrder, 'visits' | 'underWay' | 'holds' | 'heldSince' | 'lastEventAt'>

/**
 * All visits of an order: the ended ones in the order of entering, then the open ones, the last of which is the current
 * one.
 */
export function allVisits(state: VisitsOfOrder): readonly StageVisit[] {
  if (state.underWay === undefined) return state.visits
  const open = state.visits.at(-1)
  return [...state.visits.slice(0, -1), ...otherOpenVisits(state), ...(open === undefined ? [] : [open])]
}

/** Number of visits in `allVisits`. */
export function countVisits({ visits, underWay }: Pick<FoldedOrder, 'visits' | 'underWay'>): number {
  return visits.length + (underWay?.length ?? 0)
}

/** The open visits other than the current one, including the order's holds up to now. */
export function otherOpenVisits(state: VisitsOfOrder): readonly StageVisit[] {
  const { underWay = [], holds, heldSince, lastEventAt } = state
  return underWay.map(({ visit: { heldSince: _, ...visit } }) => ({
    ...visit,
    heldMs: heldMsWithin({ holds }, visit.enteredAt, lastEventAt),
    ...(heldSince !== undefined && { heldSince: Math.max(heldSince, visit.enteredAt) }),
  }))
}

/** The inverse of `allVisits`. */
export function splitVisits(all: readonly StageVisit[]): Pick<FoldedOrder, 'visits' | 'underWay'> {
  const last = all.at(-1)
  const before = all.at(-2)
  // Nearly all orders have no other open visit.
  if (last === undefined || before === undefined || !isOpen(before)) return { visits: all }
  const others = all.slice(0, -1)
  return {
    visits: [...others.filter((visit) => !isOpen(visit)), last],
    underWay: others.filter(isOpen).map((visit) => ({ visit })),
  }
}
