import { z } from 'zod'
import { instantText } from './query-parameters.ts'

/** A parameter that may be repeated; each value widens the selection, an empty one adds what has no name. */
const many = z
  .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.string().max(200)).max(100))
  .optional()
  .meta({ type: 'array', items: { type: 'string' } })

/** Filters common to all queries about numbers. Names that no order has match nothing. */
export const choice = {
  site: z.string().min(1).max(64).optional(),
  /** Epoch ms, inclusive. */
  from: instantText,
  /** Epoch ms, exclusive. */
  to: instantText,
  process: many,
  department: many,
  customer: many,
  product: many,
  /** Class of the customer. */
  customerClass: many,
  /** `working` applies to stages with a calendar and falls back to `elapsed` for the others. */
  clock: z.enum(['elapsed', 'working']).default('working'),
}

/**
 * A moving period that replaces `from` and `to`: since the start of the current shift or, outside of working time, of
 * the last one. It uses the calendar of the department if one is selected, else that of the site; without shifts, the
 * period starts at midnight.
 */
export const since = z.enum(['shift']).optional()

/** Unavailable to callers for whom customers are masked: a class with few customers would reveal who they are. */
export const customerDimensions: readonly string[] = ['customer', 'customerClass']

export type ChoiceDimension = 'process' | 'department' | 'customer' | 'customerClass' | 'product'

export type Choice = Readonly<
  Partial<Record<'from' | 'to', number | undefined>> &
    Partial<Record<ChoiceDimension, readonly string[] | undefined>> & { clock?: 'elapsed' | 'working' }
>
