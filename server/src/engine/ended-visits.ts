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
import { partsOf } from './visit-parts.ts'
import { countRow, marksOf } from './visit-spans.ts'
import { VisitStore } from './visit-store.ts'

/** Place of a visit that ended before the start of memory and is not counted. */
export const evictedPlace = -(2 ** 31)

/** Maximum number of customers, and of products, in statistics; each takes some 100 bytes. */
const maxNames = 1_000_000
const maxDepartments = 10_000

/** The numbers of an order's names. */
interface CountedNames {
  readonly of: OrderAttributes
  readonly customer: number
  readonly customerClass: number
  readonly product: number
}

/** All counts of ended visits. The counted values are stored in the visit's row, so that they can be undone. */
export class EndedVisits {
  readonly finished = new VisitStore()
  readonly hours = new StageHours()
  readonly departments = new Dictionary(maxDepartments)
  readonly customers = new Dictionary(maxNames)
  readonly customerClasses = new Dictionary(maxCustomerClasses)
  readonly products = new Dictionary(maxNames)
  #startsAt = Number.NEGATIVE_INFINITY
  /** Visits that ended by cancellation: they count as presence, but not towards durations. */
  readonly #cancelled = new VisitStore()
  /** Finished visits that are in their store but not counted yet. Undefined: each visit is counted when it is added. */
  #uncounted: VisitRow[] | undefined
  #names: CountedNames | undefined
  readonly #days: LocalDays
  readonly #stageOf: (index: number) => StageAggregates

  constructor(days: LocalDays, stageOf: (index: number) => StageAggregates) {
    this.#days = days
    this.#stageOf = stageOf
  }

  /** Number of names and its limit, per kind of name. */
  get usage() {
    return {
      customers: this.customers.usage,
      customer_classes: this.customerClasses.usage,
      products: this.products.usage,
      departments: this.departments.usage,
    }
  }

  /**
   * Start of memory, epoch ms: visits that ended earlier are not counted here and must be queried from the database.
   * -Infinity: every visit is counted.
   */
  get startsAt(): number {
    return this.#startsAt
  }

  /** Moves the start of memory forward. Visits counted before it must still be evicted. */
  startAt(instant: number): void {
    this.#startsAt = Math.max(this.#startsAt, instant)
  }

  /** The full hour from which on there are at most `count` finished visits. */
  hourOfNewest(count: number): number {
    const hours = this.hours.counts().toSorted(([a], [b]) => b - a)
    let newer = 0
    for (const [hour, visits] of hours) {
      newer += visits
      if (newer > count) return (hour + 1) * hourMs
    }
    return -Infinity
  }

  /** @returns the place with which the visit can be removed. */
  add(number: number, state: FoldedOrder, visit: EndedVisit, aggregates: StageAggregates, sla: VisitSla): number {
    if (visit.leftAt < this.#startsAt) return evictedPlace
    const row = this.row(number, state, visit, aggregates, sla)
    if (!isFinished(visit)) {
      this.#countIntoPast(row, aggregates, 1)
      return ~this.#cancelled.add(row)
    }
    const place = this.finished.add(row)
    if (this.#uncounted === undefined || !isOrdered(row)) {
      this.#countIntoPast(row, aggregates, 1)
      this.hours.add(row)
    } else if (this.#uncounted.push(row) === maxOrdered) this.#flushUncounted()
    return place
  }

  /**
   * Adds many visits, which are counted together at the end; this takes half the time. Nothing may be read meanwhile.
   */
  addBatch(add: () => void): void {
    this.#uncounted = []
    try {
      add()
    } finally {
      this.#flushUncounted()
      this.#uncounted = undefined
    }
  }

  #flushUncounted(): void {
    const rows = this.#uncounted?.splice(0) ?? []
    for (const row of countingOrder(rows)) {
      this.#countIntoPast(row, this.#stageOf(row.stage), 1)
      this.hours.add(row)
    }
  }

  remove(place: number): void {
    if (place === evictedPlace) return
    // A visit can be removed only after it was counted.
    this.#flushUncounted()
    const store = place < 0 ? this.#cancelled : this.finished
    const id = place < 0 ? ~place : place
    const row = store.read(id)
    store.remove(id)
    if (place >= 0) this.hours.remove(row)
    this.#countIntoPast(row, this.#stageOf(row.stage), -1)
  }

  /** Registers the names of visits from before the start of memory. */
  register(names: Readonly<Record<'customer' | 'customerClass' | 'product' | 'department', readonly string[]>>): void {
    for (const name of names.customer) this.customers.idOf(name)
    for (const name of names.customerClass) this.customerClasses.idOf(name)
    for (const name of names.product) this.products.idOf(name)
    for (const name of names.department) this.departments.idOf(name)
  }

  /** Removes the visit if it ended before the start of memory. @returns its new place. */
  evict(place: number): number {
    if (place === evictedPlace) return evictedPlace
    const leftAt = place < 0 ? this.#cancelled.leftAt(~place) : this.finished.leftAt(place)
    if (leftAt >= this.#startsAt) return place
    this.remove(place)
    return evictedPlace
  }

  /** Finished visits, then those that ended by cancellation. */
  stores(): readonly VisitStore[] {
    return [this.finished, this.#cancelled]
  }

  /** Counts the visit into the past of the stage: open from entry to exit, and its conditions in between. */
  #countIntoPast(row: VisitRow, aggregates: StageAggregates, delta: 1 | -1): void {
    aggregates.visitCount += delta
    aggregates.arrivals.add(this.#days.startOf(row.enteredAt), delta)
    aggregates.departures.add(this.#days.startOf(row.leftAt), delta)
    aggregates.wipBuckets.add(row.enteredAt, delta)
    aggregates.wipBuckets.add(row.leftAt, -delta)
    countRow(row, aggregates, delta)
  }

  /** Cached, because most visits of an order have the same names and are added one after the other. */
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

  /** The row of a visit. */
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
      hasTarget: sla.targetMs !== undefined,
      breach,
      atRiskFrom,
      stalledMarks,
      ...(heldMs !== undefined && { heldMs }),
      parts: partsOf(state, visit, sla),
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

/** When the visit passed its target and by how much. Undefined if it ended before, or if it has no target. */
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
