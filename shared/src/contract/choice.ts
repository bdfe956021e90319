import { z } from 'zod'
import { instantText } from './instant-text.ts'

/** A parameter that may be given several times; each value widens the choice, an empty one by what has no name. */
const many = z
  .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.string().max(200)).max(100))
  .optional()
  .meta({ type: 'array', items: { type: 'string' } })

/** What every question about numbers may be narrowed by. Names that no order has match nothing. */
export const choice = {
  site: z.string().min(1).max(64).optional(),
  /** Epoch ms, included. */
  from: instantText,
  /** Epoch ms, not included. */
  to: instantText,
  process: many,
  department: many,
  customer: many,
  product: many,
  /** Class of the customer. */
  customerClass: many,
  /** `working` is meant for stages with a calendar and falls back to `elapsed` for the others. */
  clock: z.enum(['elapsed', 'working']).default('working'),
}

/**
 * A period that moves by itself, in place of `from` and `to`: since the current shift began or, outside of working time,
 * the last one. By the calendar of the department where one is chosen, else by that of the site; where that has no shifts,
 * since midnight.
 */
export const since = z.enum(['shift']).optional()

/** Not for those for whom customers are masked: a class that few customers are in tells who they are. */
export const customerDimensions: readonly string[] = ['customer', 'customerClass']

export type ChoiceDimension = 'process' | 'department' | 'customer' | 'customerClass' | 'product'

export type Choice = Readonly<
  Partial<Record<'from' | 'to', number | undefined>> &
    Partial<Record<ChoiceDimension, readonly string[] | undefined>> & { clock?: 'elapsed' | 'working' }
>
