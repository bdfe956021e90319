import { z } from 'zod'
import { instantText } from './instant-text.ts'

/** What of a site's rules, and of who may do what there, can be changed. */
export const changeActions = [
  'process.saved',
  'calendar.saved',
  'calendars.chosen',
  'privacy.changed',
  'setup.done',
  'person.invited',
  'invitation.withdrawn',
  'person.joined',
  'person.changed',
  'person.left',
  'key.created',
  'key.revoked',
  'screen.paired',
  'screen.changed',
  'screen.revoked',
  'screen.rotated',
] as const

/** Who can change something: `operator` is a command on the server's machine, `server` the program itself. */
export const actorKinds = ['person', 'key', 'screen', 'visitor', 'operator', 'server'] as const

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
      /** Who did it: of a person the e-mail address, of a key or a screen its name. */
      actor: z.object({ kind: z.enum(actorKinds), name: z.string() }),
      action: z.enum(changeActions),
      /** Code of the process or the calendar, address of the person, id of the key or screen; else empty. */
      subject: z.string(),
      /** The whole of it, all versions included; null: there was none. */
      before: z.unknown(),
      after: z.unknown(),
    }),
  ),
})
export type ChangeList = z.infer<typeof changeList>
