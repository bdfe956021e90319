import type { OrderAttributes } from './order-attributes.ts'
import type { StageVisit } from './stage-visit.ts'

/**
 * The attributes of the order during the visit: as of its end, or now while it is open. Limits, statistics and access
 * are all based on these, so that a later change of the order does not rewrite past visits.
 * @param attributes The current attributes of the order.
 */
export function attributesOfVisit(
  attributes: OrderAttributes,
  visit: Pick<StageVisit, 'attributes'> | undefined,
): OrderAttributes {
  return visit?.attributes ?? attributes
}

/**
 * Without the process and the waybill, which belong to the order as a whole: visits are neither evaluated nor counted by
 * them.
 */
const factsOfVisits = [
  'customer',
  'customerClass',
  'product',
  'quantity',
  'amount',
  'currency',
  'promisedAt',
  'priority',
  'department',
] as const satisfies readonly (keyof OrderAttributes)[]

/** Whether visits are evaluated and counted the same way with both. */
export function sameForVisits(before: OrderAttributes, after: OrderAttributes): boolean {
  return before === after || factsOfVisits.every((field) => before[field] === after[field])
}

/**
 * Writes the previous attributes into the visits that ended under them, in place. Each visit is written at most once:
 * the visits before one that has its attributes already have theirs.
 */
export function settledVisits(visits: StageVisit[], before: OrderAttributes, after: OrderAttributes): void {
  if (sameForVisits(before, after)) return
  for (let i = visits.length - 1; i >= 0; i--) {
    const visit = visits[i]
    if (visit === undefined || visit.attributes !== undefined) return
    if (visit.leftAt !== undefined) visits[i] = settledVisit(visit, before)
  }
}

/** An ended visit, with the attributes that its order had at that time. */
export function settledVisit<T extends StageVisit>(visit: T, known: OrderAttributes): T {
  const { process: _process, waybill: _waybill, ...attributes } = known
  return { ...visit, attributes }
}
