import { attributesOfVisit } from '@stagewatch/shared/domain/attributes-of-visit.ts'
import type { OrderAttributes } from '@stagewatch/shared/domain/order-attributes.ts'
import { hasEnded } from '@stagewatch/shared/domain/stage-visit.ts'
import type { EndedVisit, StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { visitSla } from '@stagewatch/shared/domain/visit-sla.ts'
import { otherNames } from '../dictionary.ts'
import type { Dictionary } from '../dictionary.ts'
import { breachWithin } from '../ended-visits.ts'
import type { EngineOrder } from '../engine-order.ts'
import type { LiveEngine } from '../live-engine.ts'
import type { VisitRow } from '../visit-columns.ts'
import type { StageTerms } from './stage-plan.ts'

/**
 * Whether a visit that has ended passed its limit by the draft. Undefined: memory does not hold what it depends on, since
 * of an order that has ended neither its holds nor what was known of it before it changed are kept.
 * @param place of the visit in the store of finished visits, whose row is `row`.
 */
export function breachedByDraft(
  engine: LiveEngine,
  place: number,
  row: VisitRow,
  terms: StageTerms,
): boolean | undefined {
  const order = engine.orders.numbered(row.order)
  const visit = visitIn(order, place)
  if (order?.state === undefined || visit === undefined) return judgeRow(engine, row, order, terms)
  const { draft } = terms
  const attributes = attributesOfVisit(order.state.attributes, visit)
  const calendar = engine.rules.calendars.calendarOf(draft.calendar, visit.department ?? attributes.department)
  const sla = visitSla(draft, visit, attributes, calendar)
  const workingMs = calendar.workingMs(visit.enteredAt, visit.leftAt)
  return breachWithin(order.state, visit, sla, workingMs) !== undefined
}

/** Of a longer order none is looked for: it would be gone through for each of its visits. */
const mostVisits = 1_000

/** The visit of an open order, whose history is in memory. */
function visitIn(order: EngineOrder | undefined, place: number): EndedVisit | undefined {
  if (order?.state === undefined || order.ended.length > mostVisits) return undefined
  const visit = order.state.visits[order.ended.indexOf(place)]
  return visit !== undefined && hasEnded(visit) ? visit : undefined
}

/** From what the columns hold, and from what is known of the order while that is still what it was judged by. */
function judgeRow(
  { ended, rules: { calendars } }: LiveEngine,
  row: VisitRow,
  order: EngineOrder | undefined,
  { live, draft, asksOrder }: StageTerms,
): boolean | undefined {
  const known = row.isSettled ? undefined : order?.head.attributes
  if (known === undefined && asksOrder) return undefined
  const named = namesOf(ended, row)
  if (Object.values(named).includes(otherNames)) return undefined
  const { department } = named
  const calendar = calendars.calendarOf(draft.calendar, department)
  const isOther = calendar !== calendars.calendarOf(live.calendar, department)
  const { enteredAt, leftAt, heldMs } = row
  if (isOther && heldMs !== undefined) return undefined
  const sla = visitSla(draft, visitOf(row, department), known ?? named, calendar)
  const workingMs = isOther ? calendar.workingMs(enteredAt, leftAt) : row.workingMs
  return sla.targetMs !== undefined && workingMs - (heldMs ?? 0) >= sla.targetMs
}

type VisitNames = Pick<OrderAttributes, 'customer' | 'customerClass' | 'product' | 'department'>

function namesOf(
  { customers, customerClasses, products, departments }: LiveEngine['ended'],
  row: VisitRow,
): VisitNames {
  const customer = nameIn(customers, row.customer)
  const customerClass = nameIn(customerClasses, row.customerClass)
  const product = nameIn(products, row.product)
  const department = nameIn(departments, row.department)
  return {
    ...(customer !== undefined && { customer }),
    ...(customerClass !== undefined && { customerClass }),
    ...(product !== undefined && { product }),
    ...(department !== undefined && { department }),
  }
}

/** The empty text stands for no name. */
function nameIn(dictionary: Dictionary, id: number): string | undefined {
  const name = dictionary.textOf(id)
  return name === '' ? undefined : name
}

/** As much of the visit as its limits depend on. */
function visitOf({ enteredAt, leftAt }: VisitRow, department: string | undefined): StageVisit {
  return { stage: '', nth: 1, enteredAt, leftAt, heldMs: 0, ...(department !== undefined && { department }) }
}
