import { z } from 'zod'
import { eventTypes } from '../domain/order-event.ts'
import { choice } from './choice.ts'

const instant = z.int()

/** Selects corrections; `from` and `to` bound the time at which they were recorded. */
export const correctionsQuery = z.strictObject({
  site: choice.site,
  from: choice.from,
  to: choice.to,
  process: choice.process,
  /** Only corrections of this order. */
  order: z.string().max(200).optional(),
  limit: z
    .string()
    .refine((digits) => /^\d{1,3}$/.test(digits), 'must be a number from 1 to 500')
    .transform(Number)
    .pipe(z.int().min(1).max(500))
    .default(100)
    .meta({ type: 'integer', minimum: 1, maximum: 500, default: 100 }),
})

/** One event, or several that arrived together, after later events of the same order had been counted. */
const correction = z.object({
  /** When it was recorded. */
  at: instant,
  order: z.string(),
  process: z.string(),
  /** Late events, and events that void others. */
  events: z.array(z.object({ source: z.string(), id: z.string(), type: z.enum(eventTypes) })).readonly(),
  /** Cells of the stage × hour table (statistics, heat maps) that changed, by the time at which visits ended. */
  cells: z.array(z.object({ stage: z.string(), hourAt: instant, visits: z.int(), dwellMs: z.int() })),
  /**
   * Spans in which a stage had more or fewer open orders than the wall had shown, and the difference; without `to`:
   * until now.
   */
  open: z.array(z.object({ stage: z.string(), from: instant, to: instant.optional(), open: z.int() })),
})

/** Newest first. */
export const correctionsAnswer = z.object({
  corrections: z.array(correction),
  /** Whether the site has corrections of archived orders, which are not listed until the orders are restored. */
  hasArchived: z.boolean(),
  asOf: instant,
  position: z.string(),
})

export type CorrectionsQuery = z.infer<typeof correctionsQuery>
export type CorrectionsAnswer = z.infer<typeof correctionsAnswer>
