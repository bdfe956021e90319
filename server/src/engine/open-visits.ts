import { breachInstant } from '@stagewatch/shared/domain/breach-instant.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { visitStatus } from '@stagewatch/shared/domain/visit-status.ts'
import type { VisitStatus } from '@stagewatch/shared/domain/visit-status.ts'
import { DeadlineQueue } from './deadline-queue.ts'
import type { StageLedger } from './stage-ledger.ts'

/** An order in the stage that it is in now. */
export interface OpenVisit {
  readonly state: FoldedOrder
  readonly visit: StageVisit
  readonly ledger: StageLedger
  status: VisitStatus
}

/**
 * The visits that are open now. Time alone changes what they are: each waits in the deadline queue for the instant
 * of its next change.
 */
export class OpenVisits {
  readonly #slots: (OpenVisit | undefined)[] = []
  readonly #free: number[] = []
  readonly #deadlines = new DeadlineQueue()

  /** @returns the slot by which the visit is taken out again. */
  add(state: FoldedOrder, visit: StageVisit, ledger: StageLedger, now: number): number {
    const slot = this.#free.pop() ?? this.#slots.length
    const status = visitStatus(visit, state.lastProgressAt, ledger.definition, now)
    this.#slots[slot] = { state, visit, ledger, status }
    ledger.visitCount += 1
    ledger.count(status, visit.owner !== undefined, 1)
    ledger.wipMarks.add(visit.enteredAt, 1)
    markBreach(state, visit, ledger, status, 1)
    if (status.changesAt !== undefined) this.#deadlines.set(slot, status.changesAt)
    return slot
  }

  remove(slot: number): void {
    const open = this.#slots[slot]
    if (open === undefined) return
    const { state, visit, ledger, status } = open
    ledger.visitCount -= 1
    ledger.count(status, visit.owner !== undefined, -1)
    ledger.wipMarks.add(visit.enteredAt, -1)
    markBreach(state, visit, ledger, status, -1)
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

  nextChangeAt(): number | undefined {
    return this.#deadlines.peekAt()
  }

  *[Symbol.iterator](): Generator<OpenVisit> {
    for (const open of this.#slots) if (open !== undefined) yield open
  }

  #judge(slot: number, open: OpenVisit, now: number): void {
    const { state, visit, ledger, status: before } = open
    const claimed = visit.owner !== undefined
    const status = visitStatus(visit, state.lastProgressAt, ledger.definition, now)
    ledger.count(before, claimed, -1)
    ledger.count(status, claimed, 1)
    if (!before.overdue) markBreach(state, visit, ledger, status, 1)
    open.status = status
    if (status.changesAt !== undefined) this.#deadlines.set(slot, status.changesAt)
  }
}

/** An overdue order counts in the past of its stage from the instant of its breach. */
function markBreach(
  state: FoldedOrder,
  visit: StageVisit,
  ledger: StageLedger,
  status: VisitStatus,
  delta: 1 | -1,
): void {
  const breachedAt = breachAt(state, visit, ledger)
  if (status.overdue && breachedAt !== undefined) ledger.overdueMarks.add(breachedAt, delta)
}

/** When the visit's target is passed if its clock goes on; undefined without a target. */
export function breachAt(state: FoldedOrder, visit: StageVisit, { definition }: StageLedger): number | undefined {
  const { targetMs } = definition
  return targetMs === undefined ? undefined : breachInstant(visit, state.holds, targetMs)
}
