import type { OrderAttributes } from './order-attributes.ts'
import type { StageVisit } from './stage-visit.ts'

/**
 * What was known of the order while the visit lasted: until it ended, or now while it is open. Whatever a visit is
 * judged by, counted under or shown to follows from these, so that a later change of the order does not rewrite it.
 * @param attributes of the order as they are now.
 */
export function attributesOfVisit(
  attributes: OrderAttributes,
  visit: Pick<StageVisit, 'attributes'> | undefined,
): OrderAttributes {
  return visit?.attributes ?? attributes
}

/** The process and the waybill belong to the order as a whole: no visit is judged by them or counted under them. */
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

/** Whether visits are judged and counted alike by both. */
export function sameForVisits(before: OrderAttributes, after: OrderAttributes): boolean {
  return before === after || factsOfVisits.every((field) => before[field] === after[field])
}

/**
 * Writes the attributes of before into the visits that ended under them, in place. Each visit is written once at most: those
 * in front of one that has its attributes have theirs.
 */
export function settledVisits(visits: StageVisit[], before: OrderAttributes, after: OrderAttributes): void {
  if (sameForVisits(before, after)) return
  for (let i = visits.length - 1; i >= 0; i--) {
    const visit = visits[i]
    if (visit === undefined || visit.attributes !== undefined) return
    if (visit.leftAt !== undefined) visits[i] = settledVisit(visit, before)
  }
}

/** A visit that has ended, with what was known of its order then. */
export function settledVisit<T extends StageVisit>(visit: T, known: OrderAttributes): T {
  const { process: _process, waybill: _waybill, ...attributes } = known
  return { ...visit, attributes }
}
