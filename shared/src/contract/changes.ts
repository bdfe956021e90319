import { z } from 'zod'
import { instantText } from './instant-text.ts'

/** What of a site can be changed. */
export const changeActions = [
  'process.saved',
  'calendar.saved',
  'calendars.chosen',
  'screen.paired',
  'screen.changed',
  'screen.revoked',
  'screen.rotated',
] as const

export const changesQuery = z.strictObject({
  site: z.string().optional(),
  /** Epoch ms, included. */
  from: instantText,
  limit: z
    .string()
    .refine((digits) => /^\d{1,4}$/.test(digits), 'must be a number from 1 to 1000')
    .transform(Number)
    .pipe(z.int().min(1).max(1_000))
    .default(100)
    .meta({ type: 'integer', minimum: 1, maximum: 1_000, default: 100 }),
})

/** The answer of `GET /api/v1/admin/changes`, the newest first. */
export const changeList = z.object({
  changes: z.array(
    z.object({
      /** Epoch ms. */
      changedAt: z.int(),
      /** Name of the key that did it; `operator` for commands, `server` for the program itself. */
      actor: z.string(),
      action: z.enum(changeActions),
      /** Code of the process or the calendar, id of the screen; empty for the choice of calendars. */
      subject: z.string(),
      /** The whole of it, all versions included; null: there was none. */
      before: z.unknown(),
      after: z.unknown(),
    }),
  ),
})
