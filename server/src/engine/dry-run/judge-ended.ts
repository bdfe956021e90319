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
import { rowsPerChunk } from '../visit-columns.ts'
import type { VisitColumns } from '../visit-columns.ts'
import type { StageTerms } from './stage-plan.ts'

/** What the columns say of the time of a visit. */
export interface EndedTimes {
  readonly enteredAt: number
  readonly leftAt: number
  /** By the live calendar. */
  readonly workingMs: number
}

/**
 * Whether a visit that has ended passed its limit by the draft. Undefined: memory does not hold what it depends on, since
 * of an order that has ended neither its holds nor what was known of it before it changed are kept.
 * @param place of the visit in the store of finished visits.
 */
export function breachedByDraft(
  engine: LiveEngine,
  place: number,
  times: EndedTimes,
  terms: StageTerms,
): boolean | undefined {
  const chunk = engine.ended.finished.chunk(Math.floor(place / rowsPerChunk))
  const index = place % rowsPerChunk
  const order = engine.orders.numbered(chunk.columns.order[index] ?? 0)
  const visit = visitIn(order, place)
  if (order?.state === undefined || visit === undefined) {
    const known = chunk.isSettled(index) ? undefined : order?.head.attributes
    return judgeRow(engine, { ...times, columns: chunk.columns, index, heldMs: chunk.heldMs(index), known }, terms)
  }
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

interface Row extends EndedTimes {
  readonly columns: VisitColumns
  readonly index: number
  readonly heldMs: number | undefined
  /** What is known of the order, where it is what was known when the visit ended. */
  readonly known: OrderAttributes | undefined
}

/** From what the columns hold, and from what is known of the order while that is still what it was judged by. */
function judgeRow(
  { ended, rules: { calendars } }: LiveEngine,
  row: Row,
  { live, draft, asksOrder, sameCalendar }: StageTerms,
): boolean | undefined {
  const { enteredAt, leftAt, heldMs, columns, index } = row
  if (row.known === undefined && asksOrder) return undefined
  const department = nameIn(ended.departments, columns.department[index])
  const known = row.known ?? namesOf(ended, columns, index)
  if (department === otherNames || (row.known === undefined && hasOthers(known))) return undefined
  const calendar = calendars.calendarOf(draft.calendar, department)
  const isOther = !sameCalendar && calendar !== calendars.calendarOf(live.calendar, department)
  if (isOther && heldMs !== undefined) return undefined
  const sla = visitSla(draft, visitOf(row, department), known, calendar)
  if (sla.targetMs === undefined) return false
  const workingMs = isOther ? calendar.workingMs(enteredAt, leftAt) : row.workingMs
  return workingMs - (heldMs ?? 0) >= sla.targetMs
}

/** The other facts that columns hold. */
function namesOf(
  { customers, customerClasses, products }: LiveEngine['ended'],
  columns: VisitColumns,
  index: number,
): OrderAttributes {
  const customer = nameIn(customers, columns.customer[index])
  const customerClass = nameIn(customerClasses, columns.customerClass[index])
  const product = nameIn(products, columns.product[index])
  return {
    ...(customer !== undefined && { customer }),
    ...(customerClass !== undefined && { customerClass }),
    ...(product !== undefined && { product }),
  }
}

/** Too many names were told apart, so that some stand for others. */
function hasOthers({ customer, customerClass, product }: OrderAttributes): boolean {
  return customer === otherNames || customerClass === otherNames || product === otherNames
}

/** The empty text stands for no name. */
function nameIn(dictionary: Dictionary, id = 0): string | undefined {
  const name = dictionary.textOf(id)
  return name === '' ? undefined : name
}

/** As much of the visit as its limits depend on. */
function visitOf({ enteredAt, leftAt }: EndedTimes, department: string | undefined): StageVisit {
  return { stage: '', nth: 1, enteredAt, leftAt, heldMs: 0, ...(department !== undefined && { department }) }
}
