import { attributesOfVisit } from '@stagewatch/shared/domain/attributes-of-visit.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import type { OrderAttributes } from '@stagewatch/shared/domain/order-attributes.ts'
import { isFinished } from '@stagewatch/shared/domain/stage-visit.ts'
import type { EndedVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { statusSpans } from '@stagewatch/shared/domain/status-spans.ts'
import { clockInstant, clockMs, holdsDuring } from '@stagewatch/shared/domain/visit-clock.ts'
import type { VisitSla } from '@stagewatch/shared/domain/visit-sla.ts'
import { countingOrder, isOrdered, maxOrdered } from './counting-order.ts'
import { Dictionary } from './dictionary.ts'
import { hourMs, StageHours } from './stage-hours.ts'
import type { StageAggregates } from './stage-aggregates.ts'
import { maxCustomerClasses } from './visit-columns.ts'
import type { VisitBreach, VisitRow } from './visit-columns.ts'
import { countRow, marksOf } from './visit-spans.ts'
import { VisitStore } from './visit-store.ts'

/** Place of a visit that was left before memory begins: nothing of it is counted. */
export const forgottenPlace = -(2 ** 31)

/** Customers that statistics tell apart, and products; each takes some 100 bytes. */
const maxNames = 1_000_000
const maxDepartments = 10_000

/** The numbers of the names of an order. */
interface CountedNames {
  readonly of: OrderAttributes
  readonly customer: number
  readonly customerClass: number
  readonly product: number
}

/** Everything that is counted of visits that have ended. What was counted stands in its row, so that it can be taken back. */
export class EndedVisits {
  readonly finished = new VisitStore()
  readonly hours = new StageHours()
  readonly departments = new Dictionary(maxDepartments)
  readonly customers = new Dictionary(maxNames)
  readonly customerClasses = new Dictionary(maxCustomerClasses)
  readonly products = new Dictionary(maxNames)
  #beginsAt = Number.NEGATIVE_INFINITY
  /** Visits that ended by cancellation: the orders were there, and the visits count in no duration. */
  readonly #cancelled = new VisitStore()
  /** Finished visits that are in their store and count nowhere yet; undefined: each is counted when it is added. */
  #uncounted: VisitRow[] | undefined
  #names: CountedNames | undefined
  readonly #days: LocalDays
  readonly #stageOf: (index: number) => StageAggregates

  constructor(days: LocalDays, stageOf: (index: number) => StageAggregates) {
    this.#days = days
    this.#stageOf = stageOf
  }

  /** How many names there are and may be, by what they are names of. */
  get usage() {
    return {
      customers: this.customers.usage,
      customer_classes: this.customerClasses.usage,
      products: this.products.usage,
      departments: this.departments.usage,
    }
  }

  /**
   * Where memory begins, epoch ms: visits that were left before are not counted here, and who asks for them asks the
   * database. -Infinity: every visit is counted.
   */
  get beginsAt(): number {
    return this.#beginsAt
  }

  /** Lets memory begin later. What was counted before is still to be forgotten. */
  beginAt(instant: number): void {
    this.#beginsAt = Math.max(this.#beginsAt, instant)
  }

  /** The full hour from which on there are no more than so many finished visits. */
  hourOfNewest(count: number): number {
    const hours = this.hours.counts().toSorted(([a], [b]) => b - a)
    let newer = 0
    for (const [hour, visits] of hours) {
      newer += visits
      if (newer > count) return (hour + 1) * hourMs
    }
    return -Infinity
  }

  /** @returns the place by which the visit is taken out again. */
  add(number: number, state: FoldedOrder, visit: EndedVisit, aggregates: StageAggregates, sla: VisitSla): number {
    if (visit.leftAt < this.#beginsAt) return forgottenPlace
    const row = this.row(number, state, visit, aggregates, sla)
    if (!isFinished(visit)) {
      this.#mark(row, aggregates, 1)
      return ~this.#cancelled.add(row)
    }
    const place = this.finished.add(row)
    if (this.#uncounted === undefined || !isOrdered(row)) {
      this.#mark(row, aggregates, 1)
      this.hours.add(row)
    } else if (this.#uncounted.push(row) === maxOrdered) this.#countAdded()
    return place
  }

  /** Adds many visits, which are counted when all are there: it takes half the time. Nothing is to be asked meanwhile. */
  together(add: () => void): void {
    this.#uncounted = []
    try {
      add()
    } finally {
      this.#countAdded()
      this.#uncounted = undefined
    }
  }

  #countAdded(): void {
    const rows = this.#uncounted?.splice(0) ?? []
    for (const row of countingOrder(rows)) {
      this.#mark(row, this.#stageOf(row.stage), 1)
      this.hours.add(row)
    }
  }

  remove(place: number): void {
    if (place === forgottenPlace) return
    // What is taken out has to be counted.
    this.#countAdded()
    const store = place < 0 ? this.#cancelled : this.finished
    const id = place < 0 ? ~place : place
    const row = store.read(id)
    store.remove(id)
    if (place >= 0) this.hours.remove(row)
    this.#mark(row, this.#stageOf(row.stage), -1)
  }

  /** Names that visits before memory have. */
  register(names: Readonly<Record<'customer' | 'customerClass' | 'product' | 'department', readonly string[]>>): void {
    for (const name of names.customer) this.customers.idOf(name)
    for (const name of names.customerClass) this.customerClasses.idOf(name)
    for (const name of names.product) this.products.idOf(name)
    for (const name of names.department) this.departments.idOf(name)
  }

  /** Takes the visit out if it was left before memory begins. @returns its place from now on. */
  forget(place: number): number {
    if (place === forgottenPlace) return forgottenPlace
    const leftAt = place < 0 ? this.#cancelled.leftAt(~place) : this.finished.leftAt(place)
    if (leftAt >= this.#beginsAt) return place
    this.remove(place)
    return forgottenPlace
  }

  /** Finished visits, then those that ended by cancellation. */
  stores(): readonly VisitStore[] {
    return [this.finished, this.#cancelled]
  }

  /** The past of the stage: open from entering to leaving, and in which conditions meanwhile. */
  #mark(row: VisitRow, aggregates: StageAggregates, delta: 1 | -1): void {
    aggregates.visitCount += delta
    aggregates.arrivals.add(this.#days.startOf(row.enteredAt), delta)
    aggregates.departures.add(this.#days.startOf(row.leftAt), delta)
    aggregates.wipBuckets.add(row.enteredAt, delta)
    aggregates.wipBuckets.add(row.leftAt, -delta)
    countRow(row, aggregates, delta)
  }

  /** Most visits of an order have the same ones, and come one after the other. */
  #namesOf(attributes: OrderAttributes): CountedNames {
    if (this.#names?.of !== attributes) {
      this.#names = {
        of: attributes,
        customer: this.customers.idOf(attributes.customer ?? ''),
        customerClass: this.customerClasses.idOf(attributes.customerClass ?? ''),
        product: this.products.idOf(attributes.product ?? ''),
      }
    }
    return this.#names
  }

  /** A visit as it is counted. */
  row(number: number, state: FoldedOrder, visit: EndedVisit, aggregates: StageAggregates, sla: VisitSla): VisitRow {
    const attributes = attributesOfVisit(state.attributes, visit)
    const names = this.#namesOf(attributes)
    const workingMs = sla.calendar.workingMs(visit.enteredAt, visit.leftAt)
    const breach = breachWithin(state, visit, sla, workingMs)
    const heldMs = heldWithin(state, visit, sla, workingMs)
    const { atRiskFrom, stalledMarks } = marksOf(statusSpans(visit, state, sla, Infinity, workingMs))
    return {
      stage: aggregates.index,
      order: number,
      department: this.departments.idOf(visit.department ?? attributes.department ?? ''),
      customer: names.customer,
      customerClass: names.customerClass,
      product: names.product,
      enteredAt: visit.enteredAt,
      leftAt: visit.leftAt,
      workingMs,
      rework: visit.nth > 1,
      judged: sla.targetMs !== undefined,
      breach,
      atRiskFrom,
      stalledMarks,
      ...(heldMs !== undefined && { heldMs }),
      ...(visit.attributes !== undefined && { isSettled: true }),
    }
  }
}

/** See `VisitRow.heldMs`. */
function heldWithin(
  state: FoldedOrder,
  visit: EndedVisit,
  { calendar }: VisitSla,
  workingMs: number,
): number | undefined {
  const holds = holdsDuring(state, visit)
  return holds.length === 0 ? undefined : workingMs - clockMs(visit, holds, calendar, visit.leftAt)
}

/** How the visit passed its target; undefined: it was left before, or there is none. */
export function breachWithin(
  state: FoldedOrder,
  visit: EndedVisit,
  { targetMs, calendar }: VisitSla,
  workingMs: number,
): VisitBreach | undefined {
  if (targetMs === undefined || workingMs < targetMs) return undefined
  const holds = holdsDuring(state, visit)
  const at = clockInstant(visit, holds, calendar, targetMs)
  if (at === undefined || at > visit.leftAt) return undefined
  return { at, overdueMs: Math.max(0, clockMs(visit, holds, calendar, visit.leftAt) - targetMs) }
}
