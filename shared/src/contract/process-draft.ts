import { z } from 'zod'
import { actorKinds, changesQuery, processChanges } from './changes.ts'
import { localText } from './local-text.ts'
import { processDefinition } from './process.ts'

/** The most that somebody may write about why a process is released. */
export const maxReleaseReason = 2_000

const reason = z.string().trim().min(1).max(maxReleaseReason)

/** The most drafts that a site keeps. */
export const maxDrafts = 100

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

/** Which processes have a draft, of `processList`. */
export const draftSummary = z.object({
  process: z.string(),
  name: localText,
  /** Epoch ms. */
  savedAt: z.int(),
  savedBy: actor,
})

/**
 * The answer of `GET /api/v1/admin/processes/{code}/draft`, and of who saves or discards it. A process has one draft at
 * most. Null also for those who may not change rules.
 */
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
 * versions become again what they were before the change. Stages that orders have come to since are learned again where
 * the process accepts new ones.
 */
export const processRollbackRequest = z.strictObject({ reason, change: z.int().positive() })

/** The answer of a release and of a rollback: the process's version then, see `processList.histories`. */
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

/** The answer of `GET /api/v1/admin/processes/{code}/releases`, the newest first. */
export const processReleases = z.object({
  releases: z.array(
    z.object({
      /** Id of the change, see `changeList`. */
      change: z.int(),
      action: z.enum(processChanges),
      /** Epoch ms. */
      changedAt: z.int(),
      /** Undefined: whoever asks may not read the record of changes. */
      actor: actor.optional(),
      /** Undefined: whoever asks may not read the record of changes, or none was given (`process.saved`). */
      reason: z.string().optional(),
      /** Epoch ms from when it counts; undefined: it corrected what was valid. */
      validFrom: z.int().optional(),
      /** What the process was before and after at `validFrom`, else at `changedAt`; null: there was none. */
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
export type DraftSummary = z.infer<typeof draftSummary>
export type ProcessReleases = z.infer<typeof processReleases>
