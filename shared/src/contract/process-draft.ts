import { z } from 'zod'
import { actorKinds, changesQuery, processChanges } from './changes.ts'
import { localText } from './names.ts'
import { processDefinition } from './process.ts'

/** Maximum length of the reason for releasing a process. */
export const maxReleaseReason = 2_000

const reason = z.string().trim().min(1).max(maxReleaseReason)

/** Maximum number of drafts per site. */
export const maxDrafts = 100

/** Who did something: the name of a person or of a key. */
const actor = z.object({ kind: z.enum(actorKinds), name: z.string() })

/** A proposed version of a process; it has no effect until it is released. */
export const processDraft = z.object({
  definition: processDefinition,
  /**
   * Version of the process on which it is based; see `version` of `processList.histories`. Null: the process did not
   * exist.
   */
  base: z.string().nullable(),
  /** Sent as `If-Match` to overwrite, discard or release it. */
  version: z.string(),
  /** Epoch ms. */
  savedAt: z.int(),
  savedBy: actor,
})

/** Which processes have a draft; part of `processList`. */
export const draftSummary = z.object({
  process: z.string(),
  name: localText,
  /** Epoch ms. */
  savedAt: z.int(),
  savedBy: actor,
})

/**
 * Response of `GET /api/v1/admin/processes/{code}/draft`, and of saving or discarding the draft. A process has at most
 * one draft. Also null if the caller may not change rules.
 */
export const processDraftAnswer = z.object({ draft: processDraft.nullable() })

/** Request body of `PUT /api/v1/admin/processes/{code}/draft`. */
export const processDraftRequest = z.strictObject({ definition: processDefinition, base: z.string().nullable() })

/**
 * Request body of `POST /api/v1/admin/processes/{code}/release`, with the version of the draft in `If-Match`. Refused
 * with `conflict` if the process has changed since the draft was made.
 */
export const processReleaseRequest = z.strictObject({
  reason,
  /**
   * From when it applies, epoch ms: to visits that begin then or later. Undefined: it corrects the version in force
   * now, also for visits that have already begun.
   */
  validFrom: z.int().optional(),
})

/**
 * Request body of `POST /api/v1/admin/processes/{code}/rollback`, with the version of the process in `If-Match`:
 * restores all its versions to the state before the change. Stages that orders have entered since are added again if
 * the process accepts new ones.
 */
export const processRollbackRequest = z.strictObject({ reason, change: z.int().positive() })

/** Response of a release or rollback: the new version of the process, see `processList.histories`. */
export const processReleased = z.object({ version: z.string() })

/** The query of `GET /api/v1/admin/processes/{code}/releases`. */
export const processReleasesQuery = changesQuery.omit({ from: true }).extend({
  limit: z
    .string()
    .refine((digits) => /^\d{1,3}$/.test(digits), 'must be a number from 1 to 100')
    .transform(Number)
    .pipe(z.int().min(1).max(100))
    .default(20)
    .meta({ type: 'integer', minimum: 1, maximum: 100, default: 20 }),
})

/** Response of `GET /api/v1/admin/processes/{code}/releases`, newest first. */
export const processReleases = z.object({
  releases: z.array(
    z.object({
      /** Id of the change, see `changeList`. */
      change: z.int(),
      action: z.enum(processChanges),
      /** Epoch ms. */
      changedAt: z.int(),
      /** Undefined: the caller may not read the record of changes. */
      actor: actor.optional(),
      /** Undefined: the caller may not read the record of changes, or no reason was given (`process.saved`). */
      reason: z.string().optional(),
      /** Epoch ms from when it applies. Undefined: it corrected the version that was in force. */
      validFrom: z.int().optional(),
      /**
       * The process before and after the change, at `validFrom` if set, else at `changedAt`; null: it did not exist.
       */
      before: processDefinition.nullable(),
      after: processDefinition.nullable(),
    }),
  ),
  /** Cursor of the next page with older releases; undefined on the last page. */
  cursor: z.string().optional(),
})

export type ProcessDraft = z.infer<typeof processDraft>
export type ProcessDraftRequest = z.infer<typeof processDraftRequest>
export type ProcessReleaseRequest = z.infer<typeof processReleaseRequest>
export type ProcessRollbackRequest = z.infer<typeof processRollbackRequest>
export type DraftSummary = z.infer<typeof draftSummary>
export type ProcessReleases = z.infer<typeof processReleases>
