import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { waitCauses } from '@stagewatch/shared/domain/stage-visit.ts'
import type { EndedVisit, WaitCause } from '@stagewatch/shared/domain/stage-visit.ts'
import { holdsDuring } from '@stagewatch/shared/domain/visit-clock.ts'
import type { VisitSla } from '@stagewatch/shared/domain/visit-sla.ts'
import { visitTimes } from '@stagewatch/shared/domain/visit-times.ts'
import type { TwoClocks } from '@stagewatch/shared/domain/visit-times.ts'

/** What is known of how the time of a visit was spent, see `VisitTimes`. */
export interface VisitParts {
  /** Whether the start of work was reported: what is neither waiting nor held is then work. */
  readonly isStarted: boolean
  readonly waiting: TwoClocks
  readonly held: TwoClocks
  /** Parts of both by cause. */
  readonly causes: ReadonlyMap<WaitCause, TwoClocks>
}

/** Parts of visits that few plants report. */
export const rareParts = ['held', ...waitCauses] as const
export type RarePart = (typeof rareParts)[number]

const none: TwoClocks = { elapsedMs: 0, workingMs: 0 }
const noCauses: VisitParts['causes'] = new Map()

/** Undefined if nothing about it was reported. */
export function partsOf(state: FoldedOrder, visit: EndedVisit, sla: VisitSla): VisitParts | undefined {
  const { startedAt, waits = [], enteredAt, leftAt } = visit
  const isHeld = holdsDuring(state, visit).length > 0
  if (startedAt === undefined && waits.length === 0 && !isHeld) return undefined
  const isStarted = startedAt !== undefined
  if (isStarted && waits.length === 0 && !isHeld) {
    // Most visits: the calendar is asked once instead of for each piece.
    const until = Math.min(Math.max(startedAt, enteredAt), leftAt)
    const waiting = { elapsedMs: until - enteredAt, workingMs: sla.calendar.workingMs(enteredAt, until) }
    return { isStarted, waiting, held: none, causes: noCauses }
  }
  const { waiting, held, causes } = visitTimes(visit, state, sla, leftAt)
  return { isStarted, waiting, held, causes }
}

/** The part of a whole as an integer up to `most`, which stands for all of it. */
export function shareOf(part: number, whole: number, most: number): number {
  return whole > 0 ? Math.round((Math.min(part, whole) / whole) * most) : 0
}
