import { z } from 'zod'
import { waitCauses } from '../domain/stage-visit.ts'
import { timeAnswer, timeQuery, timeRow } from './analysis.ts'

const count = z.int().nonnegative()
const durationMs = z.number().nonnegative()

/** Rows as in `timeQuery`. */
export const partsQuery = timeQuery

/**
 * How the time of finished visits was spent, to within 0.02 % of the total. `workingMs`, `waitingMs`, `heldMs` and
 * `unsaidMs` add up to it.
 */
const partSum = z.object({
  visits: count,
  totalMs: durationMs,
  /** From the reported start of work, holds excluded. */
  workingMs: durationMs,
  /** Before the start of work, or for a reported cause; holds excluded. */
  waitingMs: durationMs,
  heldMs: durationMs,
  /** Neither the start of work nor a cause of waiting was reported. */
  unsaidMs: durationMs,
  /** The parts of the time waiting and on hold whose cause was reported, longest first. */
  causes: z.array(z.object({ cause: z.enum(waitCauses), ms: durationMs })),
})

/** How the time of finished visits was spent: working, waiting or on hold. */
export const partsAnswer = timeAnswer.extend({
  rows: z.array(partSum.extend(timeRow.pick({ key: true, name: true, process: true }).shape)),
  total: partSum,
  /** Everything that is in no row; undefined if there is nothing. `rows`: number of rows summed up. */
  rest: partSum.extend({ rows: count }).optional(),
})

export type PartsAnswer = z.infer<typeof partsAnswer>
export type PartsRow = PartsAnswer['rows'][number]
export type PartSum = z.infer<typeof partSum>
