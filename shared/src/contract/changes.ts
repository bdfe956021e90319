import { z } from 'zod'
import { localText } from './local-text.ts'
import { instantText } from './instant-text.ts'

/** The ways in which the versions of a process change. */
export const processChanges = ['process.saved', 'process.released', 'process.rolled-back'] as const

/** What of a site's rules, and of who may do what there, can be changed. */
export const changeActions = [
  ...processChanges,
  'draft.discarded',
  'calendar.saved',
  'calendars.chosen',
  'privacy.changed',
  'translations.changed',
  'source.changed',
  'quarantine.retried',
  'quarantine.dismissed',
  'import.started',
  'import.stopped',
  'import.undone',
  'mapping.saved',
  'mapping.deleted',
  'setup.done',
  'site.created',
  'site.changed',
  'site.deleted',
  'person.invited',
  'invitation.withdrawn',
  'person.joined',
  'person.changed',
  'person.left',
  'person.renamed',
  'account.linked',
  'account.disabled',
  'account.enabled',
  'sessions.ended',
  'password.changed',
  'password.reset',
  'second-factor.enabled',
  'second-factor.disabled',
  'key.created',
  'key.revoked',
  'screen.paired',
  'screen.confirmed',
  'screen.changed',
  'screen.revoked',
  'screen.rotated',
  'webhook.created',
  'webhook.changed',
  'webhook.deleted',
  'webhook.rotated',
  'webhook.disabled',
] as const

/** Who can change something: `operator` is a command on the server's machine, `server` the program itself. */
export const actorKinds = ['person', 'key', 'screen', 'visitor', 'operator', 'server'] as const

export const changesQuery = z.strictObject({
  site: z.string().optional(),
  /** Epoch ms, included. */
  from: instantText,
  /** From the answer that gave the page before: older ones than those. */
  cursor: z
    .string()
    .refine((digits) => /^\d{1,15}$/.test(digits), 'must be the cursor of an answer')
    .transform(Number)
    .optional()
    .meta({ type: 'string' }),
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
      id: z.int(),
      /** Epoch ms. */
      changedAt: z.int(),
      /** Who did it: of a person the e-mail address, of a key or a screen its name. */
      actor: z.object({
        kind: z.enum(actorKinds),
        name: z.string(),
        /** What a person is called now; undefined: nobody has the address any more. */
        personName: z.string().optional(),
      }),
      action: z.enum(changeActions),
      /** Code of the process or the calendar, address of the person, id of the key or screen; else empty. */
      subject: z.string(),
      /** What people call it, the name it has had after the change; undefined: it has none, or is gone. */
      subjectName: localText.optional(),
      /** Why, as whoever did it wrote; undefined: nobody was asked. */
      reason: z.string().optional(),
      /** Epoch ms from when a version of a process counts; undefined: it corrected what was valid. */
      validFrom: z.int().optional(),
      /** The whole of it, all versions included; null: there was none. */
      before: z.unknown(),
      after: z.unknown(),
    }),
  ),
  /** Asks for older ones; left out on the last page. */
  cursor: z.string().optional(),
})
export type ChangeList = z.infer<typeof changeList>
