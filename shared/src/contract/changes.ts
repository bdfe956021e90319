import { z } from 'zod'
import { localText } from './names.ts'
import { instantText } from './query-parameters.ts'

/** The kinds of changes to the versions of a process. */
export const processChanges = ['process.saved', 'process.released', 'process.rolled-back'] as const

/** Recorded changes to a site's rules and permissions. */
export const changeActions = [
  ...processChanges,
  'draft.discarded',
  'calendar.saved',
  'calendars.chosen',
  'privacy.changed',
  'personal-data.erased',
  'retention.changed',
  'archive.started',
  'archive.cancelled',
  'archive.restored',
  'translations.changed',
  'department.saved',
  'department.merged',
  'skills.changed',
  'member.changed',
  'absence.saved',
  'absence.deleted',
  'handover.set-up',
  'handover.noted',
  'handover.note-deleted',
  'handover.confirmed',
  'profile.changed',
  'source.changed',
  'quarantine.retried',
  'quarantine.dismissed',
  'jobs.retried',
  'jobs.dismissed',
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
  'channel.created',
  'channel.changed',
  'channel.deleted',
  'secrets.rotated',
  'alert-rule.created',
  'alert-rule.changed',
  'alert-rule.deleted',
  'approval.decided',
  'approval.changed',
  'task-rules.changed',
  'customer-news.changed',
  'message-text.changed',
  'message-text.reset',
] as const

/** Who can change something: `operator` is a command on the server's machine, `server` the program itself. */
export const actorKinds = ['person', 'key', 'screen', 'visitor', 'operator', 'server'] as const

export const changesQuery = z.strictObject({
  site: z.string().optional(),
  /** Epoch ms, inclusive. */
  from: instantText,
  /** Taken from the response with the previous page; returns older changes. */
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

/** Response of `GET /api/v1/admin/changes`, newest first. */
export const changeList = z.object({
  changes: z.array(
    z.object({
      id: z.int(),
      /** Epoch ms. */
      changedAt: z.int(),
      /** Who made the change: the e-mail address of a person, the name of a key or a screen. */
      actor: z.object({
        kind: z.enum(actorKinds),
        name: z.string(),
        /** Current name of the person; undefined if no account has the address any more. */
        personName: z.string().optional(),
      }),
      action: z.enum(changeActions),
      /** Code of the process or the calendar, address of the person, id of the key or screen; else empty. */
      subject: z.string(),
      /** Display name of the subject after the change. Undefined: it has none, or no longer exists. */
      subjectName: localText.optional(),
      /** Reason entered with the change. Undefined: none was asked for. */
      reason: z.string().optional(),
      /**
       * Epoch ms from which a version of a process applies. Undefined: the change corrected the version that was in
       * force.
       */
      validFrom: z.int().optional(),
      /** The complete previous state, all versions included; null if there was none. */
      before: z.unknown(),
      after: z.unknown(),
    }),
  ),
  /** Cursor of the next page with older changes; undefined on the last page. */
  cursor: z.string().optional(),
})
export type ChangeList = z.infer<typeof changeList>
