import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { isFinished } from '@stagewatch/shared/domain/stage-visit.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { clockInstant, holdsOf } from '@stagewatch/shared/domain/visit-clock.ts'
import type { VisitTerms } from '@stagewatch/shared/domain/visit-terms.ts'
import { Dictionary } from './dictionary.ts'
import { StageHours } from './stage-hours.ts'
import type { StageLedger } from './stage-ledger.ts'
import type { VisitRow } from './visit-columns.ts'
import { VisitStore } from './visit-store.ts'

type LeftVisit = StageVisit & { readonly leftAt: number }

/** Everything that is counted of visits that have ended. What was counted stands in its row, so that it can be taken back. */
export class EndedVisits {
  readonly finished = new VisitStore()
  readonly hours = new StageHours()
  readonly departments = new Dictionary()
  readonly customers = new Dictionary()
  readonly products = new Dictionary()
  /** Visits that ended by cancellation: the orders were there, and the visits count in no duration. */
  readonly #cancelled = new VisitStore()
  readonly #days: LocalDays
  readonly #stageOf: (index: number) => StageLedger

  constructor(days: LocalDays, stageOf: (index: number) => StageLedger) {
    this.#days = days
    this.#stageOf = stageOf
  }

  /** @returns the place by which the visit is taken out again. */
  add(number: number, state: FoldedOrder, visit: LeftVisit, ledger: StageLedger, terms: VisitTerms): number {
    const row = this.#row(number, state, visit, ledger, terms)
    this.#mark(row, ledger, 1)
    if (!isFinished(visit)) return ~this.#cancelled.add(row)
    this.hours.add(row)
    return this.finished.add(row)
  }

  remove(place: number): void {
    const store = place < 0 ? this.#cancelled : this.finished
    const id = place < 0 ? ~place : place
    const row = store.read(id)
    store.remove(id)
    if (place >= 0) this.hours.remove(row)
    this.#mark(row, this.#stageOf(row.stage), -1)
  }

  leftAt(place: number): number {
    return place < 0 ? this.#cancelled.leftAt(~place) : this.finished.leftAt(place)
  }

  /** Finished visits, then those that ended by cancellation. */
  stores(): readonly VisitStore[] {
    return [this.finished, this.#cancelled]
  }

  /** The past of the stage: open from entering to leaving, overdue from the breach. */
  #mark(row: VisitRow, ledger: StageLedger, delta: 1 | -1): void {
    ledger.visitCount += delta
    ledger.arrivals.add(this.#days.startOf(row.enteredAt), delta)
    ledger.departures.add(this.#days.startOf(row.leftAt), delta)
    ledger.wipMarks.add(row.enteredAt, delta)
    ledger.wipMarks.add(row.leftAt, -delta)
    if (row.breachedAt === undefined) return
    ledger.overdueMarks.add(row.breachedAt, delta)
    ledger.overdueMarks.add(row.leftAt, -delta)
  }

  #row(number: number, state: FoldedOrder, visit: LeftVisit, ledger: StageLedger, terms: VisitTerms): VisitRow {
    const { facts } = state
    return {
      stage: ledger.index,
      order: number,
      department: this.departments.idOf(visit.department ?? facts.department ?? ''),
      customer: this.customers.idOf(facts.customer ?? ''),
      product: this.products.idOf(facts.product ?? ''),
      enteredAt: visit.enteredAt,
      leftAt: visit.leftAt,
      workingMs: terms.calendar.workingMs(visit.enteredAt, visit.leftAt),
      rework: visit.nth > 1,
      breachedAt: breachWithin(state, visit, terms),
    }
  }
}

/** When the visit passed its target; undefined: it was left before, or there is none. */
function breachWithin(state: FoldedOrder, visit: LeftVisit, { targetMs, calendar }: VisitTerms): number | undefined {
  if (targetMs === undefined) return undefined
  const at = clockInstant(visit, holdsOf(state), calendar, targetMs)
  return at === undefined || at > visit.leftAt ? undefined : at
}
