import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { statusSpans } from '@stagewatch/shared/domain/status-spans.ts'
import type { StatusSpans } from '@stagewatch/shared/domain/status-spans.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { visitStatus } from '@stagewatch/shared/domain/visit-status.ts'
import type { VisitStatus } from '@stagewatch/shared/domain/visit-status.ts'
import type { VisitSla } from '@stagewatch/shared/domain/visit-sla.ts'
import { DeadlineQueue } from './deadline-queue.ts'
import type { StageAggregates } from './stage-aggregates.ts'

/** An order in its current stage. */
export interface OpenVisit {
  readonly state: FoldedOrder
  readonly visit: StageVisit
  readonly aggregates: StageAggregates
  readonly sla: VisitSla
  status: VisitStatus
  /** As counted into the past of the stage. */
  spans: StatusSpans
}

/** Bits of `OpenVisits.bits`: the conditions of a visit, and whether it has an owner. */
export const visitBits = { overdue: 1, atRisk: 2, stalled: 4, owned: 8 } as const

/** Notified of every visit that opens, ends or has to be re-evaluated. */
export interface OpenVisitObserver {
  readonly added: (slot: number, open: OpenVisit, now: number) => void
  readonly removed: (slot: number, open: OpenVisit) => void
}

/**
 * The currently open visits. Their status changes by time alone: each waits in the deadline queue for the instant of
 * its next change.
 */
export class OpenVisits {
  readonly #days: LocalDays
  readonly #slots: (OpenVisit | undefined)[] = []
  /** `visitBits` by slot: reading them for a million visits takes a tenth of the time. */
  #bits = new Uint8Array(1_024)
  readonly #free: number[] = []
  readonly #deadlines = new DeadlineQueue()
  readonly #byStage = new Map<StageAggregates, Set<OpenVisit>>()
  readonly #overdue = new Map<StageAggregates, Set<OpenVisit>>()
  readonly #atRisk = new Map<StageAggregates, Set<OpenVisit>>()
  #observer: OpenVisitObserver | undefined

  constructor(days: LocalDays) {
    this.#days = days
  }

  /** Reports later changes only; visits that are already open are in `entries`. */
  observeBy(observer: OpenVisitObserver): void {
    this.#observer = observer
  }

  /** @returns the slot with which the visit can be removed. */
  add(state: FoldedOrder, visit: StageVisit, aggregates: StageAggregates, sla: VisitSla, now: number): number {
    const slot = this.#free.pop() ?? this.#slots.length
    const open = {
      state,
      visit,
      aggregates,
      sla,
      status: visitStatus(visit, state, sla, now),
      spans: spansOf(state, visit, sla, now),
    }
    this.#slots[slot] = open
    this.#setBits(slot, open)
    this.#count(open, 1)
    if (open.status.changesAt !== undefined) this.#deadlines.set(slot, open.status.changesAt)
    this.#observer?.added(slot, open, now)
    return slot
  }

  remove(slot: number): void {
    const open = this.#slots[slot]
    if (open === undefined) return
    this.#count(open, -1)
    this.#deadlines.delete(slot)
    this.#slots[slot] = undefined
    this.#free.push(slot)
    this.#observer?.removed(slot, open)
  }

  /** The visit in a slot. Undefined without a slot. */
  get(slot: number | undefined): OpenVisit | undefined {
    return slot === undefined ? undefined : this.#slots[slot]
  }

  /** `visitBits` by slot. Read-only; must be read again after any change. */
  get bits(): Uint8Array {
    return this.#bits
  }

  /**
   * Updates every visit whose instant has come; returns how many changed.
   * @param changed receives each visit before and after the change, and the instant that was due.
   */
  advance(now: number, changed?: (before: OpenVisit, after: OpenVisit, at: number) => void): number {
    let count = 0
    for (let slot = this.#deadlines.popDue(now); slot !== undefined; slot = this.#deadlines.popDue(now)) {
      const open = this.#slots[slot]
      if (open === undefined) continue
      const before = { ...open }
      this.#evaluate(slot, open, now)
      changed?.(before, open, before.status.changesAt ?? now)
      count += 1
    }
    return count
  }

  /** All orders of a stage. */
  in(stage: StageAggregates): readonly OpenVisit[] {
    return [...(this.#byStage.get(stage) ?? [])]
  }

  /** The overdue orders of a stage. */
  overdueIn(stage: StageAggregates): readonly OpenVisit[] {
    return [...(this.#overdue.get(stage) ?? [])]
  }

  /** The orders of a stage that are at risk. */
  atRiskIn(stage: StageAggregates): readonly OpenVisit[] {
    return [...(this.#atRisk.get(stage) ?? [])]
  }

  nextChangeAt(): number | undefined {
    return this.#deadlines.peekAt()
  }

  /**
   * A snapshot of the visits at the start of the iteration. If the iteration pauses, an order that changes is neither
   * visited twice nor missed, although it may have moved to another slot.
   */
  *[Symbol.iterator](): Generator<OpenVisit> {
    for (const open of this.#slots.slice()) if (open !== undefined) yield open
  }

  /** Like `[Symbol.iterator]`, with the slot of each visit, which may hold another visit by then. */
  *entries(): Generator<readonly [slot: number, open: OpenVisit]> {
    for (const [slot, open] of this.#slots.slice().entries()) if (open !== undefined) yield [slot, open]
  }

  #setBits(slot: number, { status, visit }: OpenVisit): void {
    if (slot >= this.#bits.length) {
      const bits = new Uint8Array(2 * this.#bits.length)
      bits.set(this.#bits)
      this.#bits = bits
    }
    this.#bits[slot] =
      (status.overdue ? visitBits.overdue : 0) |
      (status.atRisk ? visitBits.atRisk : 0) |
      (status.stalled ? visitBits.stalled : 0) |
      (visit.owner === undefined ? 0 : visitBits.owned)
  }

  #count(open: OpenVisit, delta: 1 | -1): void {
    const { visit, aggregates, sla, status } = open
    aggregates.visitCount += delta
    aggregates.openAges.add(sla.calendar, visit.enteredAt, delta)
    change(this.#byStage, open, delta)
    this.#countStatus(open, delta)
    aggregates.arrivals.add(this.#days.startOf(visit.enteredAt), delta)
    aggregates.wipBuckets.add(visit.enteredAt, delta)
    markBreach(aggregates, status, delta)
    aggregates.countSpans(open.spans, delta)
  }

  #countStatus(open: OpenVisit, delta: 1 | -1): void {
    const { visit, aggregates, sla, status } = open
    aggregates.count(status, sla, visit.owner !== undefined, delta)
    if (status.overdue) change(this.#overdue, open, delta)
    if (status.atRisk) change(this.#atRisk, open, delta)
  }

  #evaluate(slot: number, open: OpenVisit, now: number): void {
    const { state, visit, aggregates, sla, status: before } = open
    const status = visitStatus(visit, state, sla, now)
    this.#countStatus(open, -1)
    open.status = status
    this.#setBits(slot, open)
    this.#countStatus(open, 1)
    if (!before.overdue) markBreach(aggregates, status, 1)
    aggregates.countSpans(open.spans, -1)
    open.spans = spansOf(state, visit, sla, now)
    aggregates.countSpans(open.spans, 1)
    if (status.changesAt !== undefined) this.#deadlines.set(slot, status.changesAt)
  }
}

/** When the visit is, or was, in each condition. */
export function spansOf(state: FoldedOrder, visit: StageVisit, sla: VisitSla, now: number): StatusSpans {
  const hasLimits = sla.targetMs !== undefined || sla.stallAfterMs !== undefined
  const workedMs = hasLimits ? sla.calendar.workingMs(visit.enteredAt, now) : 0
  return statusSpans(visit, state, sla, now, workedMs)
}

/** Counts an overdue order into the past of its stage from the instant of its breach. */
function markBreach(aggregates: StageAggregates, { overdue, dueAt }: VisitStatus, delta: 1 | -1): void {
  if (overdue && dueAt !== undefined) aggregates.overdueBuckets.add(dueAt, delta)
}

function change(sets: Map<StageAggregates, Set<OpenVisit>>, open: OpenVisit, delta: 1 | -1): void {
  if (delta === -1) sets.get(open.aggregates)?.delete(open)
  else sets.set(open.aggregates, (sets.get(open.aggregates) ?? new Set()).add(open))
}
