import { attributesOfVisit } from '@stagewatch/shared/domain/attributes-of-visit.ts'
import type { OrderAttributes } from '@stagewatch/shared/domain/order-attributes.ts'
import { hasEnded } from '@stagewatch/shared/domain/stage-visit.ts'
import type { EndedVisit, StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { isPastTarget, visitSla } from '@stagewatch/shared/domain/visit-sla.ts'
import { otherNames } from '../dictionary.ts'
import type { Dictionary } from '../dictionary.ts'
import { breachWithin } from '../ended-visits.ts'
import type { EngineOrder } from '../engine-order.ts'
import type { LiveEngine } from '../live-engine.ts'
import { departmentMask, nameMask, rowsPerChunk } from '../visit-columns.ts'
import type { VisitColumns } from '../visit-columns.ts'
import type { StageTerms } from './stage-plan.ts'

/** The times of a visit in the columns. */
export interface EndedTimes {
  readonly enteredAt: number
  readonly leftAt: number
  /** By the live calendar. */
  readonly workingMs: number
}

/**
 * Whether an ended visit passed its limit under the draft. Undefined if memory lacks the facts it depends on: for an
 * ended order, neither its holds nor its earlier attributes are kept.
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
    return evaluateRow(engine, { ...times, columns: chunk.columns, index, heldMs: chunk.heldMs(index), known }, terms)
  }
  const { draft } = terms
  const attributes = attributesOfVisit(order.state.attributes, visit)
  const calendar = engine.rules.calendars.calendarOf(draft.calendar, visit.department ?? attributes.department)
  const sla = visitSla(draft, visit, attributes, calendar)
  const workingMs = calendar.workingMs(visit.enteredAt, visit.leftAt)
  return breachWithin(order.state, visit, sla, workingMs) !== undefined
}

/** For a longer order, no visit is looked up: each of its visits would take a linear search. */
const maxVisits = 1_000

/** The visit of an open order, whose history is in memory. */
function visitIn(order: EngineOrder | undefined, place: number): EndedVisit | undefined {
  if (order?.state === undefined || order.ended.length > maxVisits) return undefined
  const visit = order.state.visits[order.ended.indexOf(place)]
  return visit !== undefined && hasEnded(visit) ? visit : undefined
}

interface Row extends EndedTimes {
  readonly columns: VisitColumns
  readonly index: number
  readonly heldMs: number | undefined
  /** Current attributes of the order, if they are also those at the end of the visit. */
  readonly known: OrderAttributes | undefined
}

/** Evaluates a visit by its columns, and by the attributes of its order if they have not changed since. */
function evaluateRow(
  { ended, rules: { calendars } }: LiveEngine,
  row: Row,
  { live, draft, asksOrder, sameCalendar }: StageTerms,
): boolean | undefined {
  const { enteredAt, leftAt, heldMs, columns, index } = row
  if (row.known === undefined && asksOrder) return undefined
  const department = nameIn(ended.departments, (columns.department[index] ?? 0) & departmentMask)
  const known = row.known ?? namesOf(ended, columns, index)
  if (department === otherNames || (row.known === undefined && hasOthers(known))) return undefined
  const calendar = calendars.calendarOf(draft.calendar, department)
  const isOther = !sameCalendar && calendar !== calendars.calendarOf(live.calendar, department)
  if (isOther && heldMs !== undefined) return undefined
  const workingMs = isOther ? calendar.workingMs(enteredAt, leftAt) : row.workingMs
  return isPastTarget(draft, visitOf(row, department), known, calendar, workingMs - (heldMs ?? 0))
}

/** Other facts in the columns. */
function namesOf(
  { customers, customerClasses, products }: LiveEngine['ended'],
  columns: VisitColumns,
  index: number,
): OrderAttributes {
  const customer = nameIn(customers, (columns.customer[index] ?? 0) & nameMask)
  const customerClass = nameIn(customerClasses, columns.customerClass[index])
  const product = nameIn(products, (columns.product[index] ?? 0) & nameMask)
  return {
    ...(customer !== undefined && { customer }),
    ...(customerClass !== undefined && { customerClass }),
    ...(product !== undefined && { product }),
  }
}

/** There were too many distinct names, so a number stands for several of them. */
function hasOthers({ customer, customerClass, product }: OrderAttributes): boolean {
  return customer === otherNames || customerClass === otherNames || product === otherNames
}

/** The empty text means that there is no name. */
function nameIn(dictionary: Dictionary, id = 0): string | undefined {
  const name = dictionary.textOf(id)
  return name === '' ? undefined : name
}

/** The part of the visit that determines its limits. */
function visitOf({ enteredAt, leftAt }: EndedTimes, department: string | undefined): StageVisit {
  return { stage: '', nth: 1, enteredAt, leftAt, heldMs: 0, ...(department !== undefined && { department }) }
}
