import { z } from 'zod'
import { instantOf } from '../domain/rfc3339.ts'

/** A parameter that may be given several times; each value widens the choice, an empty one by what has no name. */
const many = z
  .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.string().max(200)).max(100))
  .optional()
  .meta({ type: 'array', items: { type: 'string' } })

/** Epoch ms of an RFC 3339 text. A `+` that was not encoded arrives as a space. */
const instant = z
  .string()
  .transform((text, context) => {
    const at = instantOf(text.replace(' ', '+'))
    if (at !== undefined) return at
    context.addIssue({ code: 'custom', message: 'must be an RFC 3339 date-time with seconds and an offset' })
    return z.NEVER
  })
  .optional()
  .meta({ format: 'date-time', example: '2026-11-22T08:15:00Z' })

/** What every question about numbers may be narrowed by. Names that no order has match nothing. */
export const choice = {
  site: z.string().min(1).max(64).optional(),
  /** Epoch ms, included. */
  from: instant,
  /** Epoch ms, not included. */
  to: instant,
  process: many,
  department: many,
  customer: many,
  product: many,
  /** `working` is meant for stages with a calendar and falls back to `elapsed` for the others. */
  clock: z.enum(['elapsed', 'working']).default('working'),
}

export type Choice = Readonly<
  Partial<Record<'from' | 'to', number | undefined>> &
    Partial<Record<'process' | 'department' | 'customer' | 'product', readonly string[] | undefined>> & {
      clock?: 'elapsed' | 'working'
    }
>
