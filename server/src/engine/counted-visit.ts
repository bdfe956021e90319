import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { breachAt } from './open-visits.ts'
import type { StageLedger } from './stage-ledger.ts'

/** A visit with what the engine must know to take its contribution back. */
export interface CountedVisit {
  readonly visit: StageVisit
  readonly ledger: StageLedger
  /** When it passed its target; undefined: it did not. */
  readonly breachedAt: number | undefined
  /** Row of the visit store; undefined for a cancelled visit, which counts in no duration. */
  readonly row: number | undefined
}

/** Adds an ended visit to the past of its stage, or takes it out: open from entering to leaving, overdue from its breach. */
export function markEnded({ visit, ledger, breachedAt }: CountedVisit, leftAt: number, delta: 1 | -1): void {
  ledger.visitCount += delta
  ledger.wipMarks.add(visit.enteredAt, delta)
  ledger.wipMarks.add(leftAt, -delta)
  if (breachedAt === undefined) return
  ledger.overdueMarks.add(breachedAt, delta)
  ledger.overdueMarks.add(leftAt, -delta)
}

/** When the visit passed its target; undefined: it was left before, or there is none. */
export function breachWithin(
  state: FoldedOrder,
  visit: StageVisit,
  leftAt: number,
  ledger: StageLedger,
): number | undefined {
  const at = breachAt(state, visit, ledger)
  return at === undefined || at > leftAt ? undefined : at
}

/** All of them: what is kept is also what a question about the order is answered with. */
const visitFields = [
  'stage',
  'nth',
  'enteredAt',
  'startedAt',
  'leftAt',
  'heldMs',
  'cancelled',
  'owner',
  'department',
  'reason',
] as const satisfies readonly (keyof StageVisit)[]

/** Whether a visit that has been counted is what the order's state says now. */
export function isCountedAs(
  { visit, ledger, breachedAt }: CountedVisit,
  now: StageVisit | undefined,
  state: FoldedOrder,
): boolean {
  return (
    now?.leftAt !== undefined &&
    (visit === now || visitFields.every((field) => visit[field] === now[field])) &&
    // Holds move the breach without a trace in the visit, when they come and go within it.
    breachedAt === breachWithin(state, now, now.leftAt, ledger)
  )
}
