import { z } from 'zod'
import { actorKinds } from './changes.ts'
import { processDefinition } from './process.ts'

/** The most that somebody may write about why a process is released. */
export const maxReleaseReason = 2_000

const reason = z.string().trim().min(1).max(maxReleaseReason)

/** Who did something: of a person the name, of a key its name. */
const actor = z.object({ kind: z.enum(actorKinds), name: z.string() })

/** What a process may become: it counts for nothing until it is released. */
export const processDraft = z.object({
  definition: processDefinition,
  /** Version of the process that it was made from; see `version` of `processList.histories`. Null: there was none. */
  base: z.string().nullable(),
  /** Belongs into `If-Match` of whoever saves over it, discards or releases it. */
  version: z.string(),
  /** Epoch ms. */
  savedAt: z.int(),
  savedBy: actor,
})

/** The answer of `GET /api/v1/admin/processes/{code}/draft`; a process has one draft at most. */
export const processDraftAnswer = z.object({ draft: processDraft.nullable() })

/** The body of `PUT /api/v1/admin/processes/{code}/draft`. */
export const processDraftRequest = z.strictObject({ definition: processDefinition, base: z.string().nullable() })

/**
 * The body of `POST /api/v1/admin/processes/{code}/release`, with the version of the draft in `If-Match`. Refused with
 * `conflict` when the process is no longer the one that the draft was made from.
 */
export const processReleaseRequest = z.strictObject({
  reason,
  /**
   * From when it counts, epoch ms: for visits that begin then or later. Left out: it corrects what is valid now, for
   * the visits too that have begun already.
   */
  validFrom: z.int().optional(),
})

/**
 * The body of `POST /api/v1/admin/processes/{code}/rollback`, with the version of the process in `If-Match`: all its
 * versions become again what they were before the change.
 */
export const processRollbackRequest = z.strictObject({ reason, change: z.int() })

/** The answer of `GET /api/v1/admin/processes/{code}/releases`, the newest first. */
export const processReleases = z.object({
  releases: z.array(
    z.object({
      /** Id of the change, see `changeList`. */
      change: z.int(),
      /** Epoch ms. */
      changedAt: z.int(),
      actor,
      /** Undefined: by a command or with a key, which say none. */
      reason: z.string().optional(),
      /** Epoch ms from when it counts; undefined: it corrected what was valid. */
      validFrom: z.int().optional(),
      /** What the process was at `changedAt` before and after; null: there was none. */
      before: processDefinition.nullable(),
      after: processDefinition.nullable(),
    }),
  ),
  /** Asks for older ones; left out on the last page. */
  cursor: z.string().optional(),
})

export type ProcessDraft = z.infer<typeof processDraft>
export type ProcessDraftRequest = z.infer<typeof processDraftRequest>
export type ProcessReleaseRequest = z.infer<typeof processReleaseRequest>
export type ProcessRollbackRequest = z.infer<typeof processRollbackRequest>
export type ProcessReleases = z.infer<typeof processReleases>
