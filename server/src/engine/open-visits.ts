import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { visitStatus } from '@stagewatch/shared/domain/visit-status.ts'
import type { VisitStatus } from '@stagewatch/shared/domain/visit-status.ts'
import type { VisitTerms } from '@stagewatch/shared/domain/visit-terms.ts'
import { DeadlineQueue } from './deadline-queue.ts'
import type { StageLedger } from './stage-ledger.ts'

/** An order in the stage that it is in now. */
export interface OpenVisit {
  readonly state: FoldedOrder
  readonly visit: StageVisit
  readonly ledger: StageLedger
  readonly terms: VisitTerms
  status: VisitStatus
}

/**
 * The visits that are open now. Time alone changes what they are: each waits in the deadline queue for the instant
 * of its next change.
 */
export class OpenVisits {
  readonly #days: LocalDays
  readonly #slots: (OpenVisit | undefined)[] = []
  readonly #free: number[] = []
  readonly #deadlines = new DeadlineQueue()
  readonly #overdue = new Map<StageLedger, Set<OpenVisit>>()
  readonly #atRisk = new Map<StageLedger, Set<OpenVisit>>()

  constructor(days: LocalDays) {
    this.#days = days
  }

  /** @returns the slot by which the visit is taken out again. */
  add(state: FoldedOrder, visit: StageVisit, ledger: StageLedger, terms: VisitTerms, now: number): number {
    const slot = this.#free.pop() ?? this.#slots.length
    const open = { state, visit, ledger, terms, status: visitStatus(visit, state, terms, now) }
    this.#slots[slot] = open
    this.#count(open, 1)
    if (open.status.changesAt !== undefined) this.#deadlines.set(slot, open.status.changesAt)
    return slot
  }

  remove(slot: number): void {
    const open = this.#slots[slot]
    if (open === undefined) return
    this.#count(open, -1)
    this.#deadlines.delete(slot)
    this.#slots[slot] = undefined
    this.#free.push(slot)
  }

  /** The visit in a slot; without a slot there is none. */
  get(slot: number | undefined): OpenVisit | undefined {
    return slot === undefined ? undefined : this.#slots[slot]
  }

  /** Moves on every visit whose instant has come; returns how many changed. */
  advance(now: number): number {
    let changed = 0
    for (let slot = this.#deadlines.popDue(now); slot !== undefined; slot = this.#deadlines.popDue(now)) {
      const open = this.#slots[slot]
      if (open === undefined) continue
      this.#judge(slot, open, now)
      changed += 1
    }
    return changed
  }

  /** The overdue orders of a stage. */
  overdueIn(stage: StageLedger): readonly OpenVisit[] {
    return [...(this.#overdue.get(stage) ?? [])]
  }

  /** Those of a stage that are at risk. */
  atRiskIn(stage: StageLedger): readonly OpenVisit[] {
    return [...(this.#atRisk.get(stage) ?? [])]
  }

  nextChangeAt(): number | undefined {
    return this.#deadlines.peekAt()
  }

  *[Symbol.iterator](): Generator<OpenVisit> {
    for (const open of this.#slots) if (open !== undefined) yield open
  }

  #count(open: OpenVisit, delta: 1 | -1): void {
    const { visit, ledger, terms, status } = open
    ledger.visitCount += delta
    ledger.openAges.add(terms.calendar, visit.enteredAt, delta)
    this.#countStatus(open, delta)
    ledger.arrivals.add(this.#days.startOf(visit.enteredAt), delta)
    ledger.wipMarks.add(visit.enteredAt, delta)
    markBreach(ledger, status, delta)
  }

  #countStatus(open: OpenVisit, delta: 1 | -1): void {
    const { visit, ledger, status } = open
    ledger.count(status, visit.owner !== undefined, delta)
    if (status.overdue) change(this.#overdue, open, delta)
    if (status.atRisk) change(this.#atRisk, open, delta)
  }

  #judge(slot: number, open: OpenVisit, now: number): void {
    const { state, visit, ledger, terms, status: before } = open
    const status = visitStatus(visit, state, terms, now)
    this.#countStatus(open, -1)
    open.status = status
    this.#countStatus(open, 1)
    if (!before.overdue) markBreach(ledger, status, 1)
    if (status.changesAt !== undefined) this.#deadlines.set(slot, status.changesAt)
  }
}

/** An overdue order counts in the past of its stage from the instant of its breach. */
function markBreach(ledger: StageLedger, { overdue, dueAt }: VisitStatus, delta: 1 | -1): void {
  if (overdue && dueAt !== undefined) ledger.overdueMarks.add(dueAt, delta)
}

function change(sets: Map<StageLedger, Set<OpenVisit>>, open: OpenVisit, delta: 1 | -1): void {
  if (delta === -1) sets.get(open.ledger)?.delete(open)
  else sets.set(open.ledger, (sets.get(open.ledger) ?? new Set()).add(open))
}
