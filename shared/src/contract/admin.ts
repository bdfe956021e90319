import { z } from 'zod'
import { processDefinition, processVersion } from './process.ts'
import { draftSummary } from './process-draft.ts'
import { visibleName } from './names.ts'

const count = z.int().nonnegative()

/** Response of `GET /api/v1/admin/processes`. */
export const processList = z.object({
  /** The current version of each process. */
  processes: z.array(processDefinition),
  /** All versions of each process; `version` is sent as `If-Match` when changing one of them. */
  histories: z.array(z.object({ process: z.string(), versions: z.array(processVersion), version: z.string() })),
  /** Code of the process for orders that name none; null while the site has no process. */
  defaultProcess: z.string().nullable(),
  /** Processes that have a draft. Undefined if the caller may not change rules. */
  drafts: z.array(draftSummary).optional(),
})
export type ProcessList = z.infer<typeof processList>

/**
 * What the bearer of a key may do. `ingest` sends events and voids events of the key's own source; `void` extends
 * that to events of other sources.
 */
export const keyScopes = ['ingest', 'void', 'read', 'admin'] as const
export const keyScope = z.enum(keyScopes)
export type KeyScope = z.infer<typeof keyScope>

/** The sources whose events a key may send. Undefined: all sources. */
const sources = z.array(visibleName(200)).min(1).max(100).optional()

/** Request body of `POST /api/v1/admin/keys`. */
export const keyRequest = z.object({
  name: visibleName(100),
  scopes: z.array(keyScope).min(1),
  sources,
})
export type KeyRequest = z.infer<typeof keyRequest>

/** `key` is the secret. It is returned only here: only its hash is stored. */
export const keyCreated = z.object({ id: z.string(), key: z.string() })
export type KeyCreated = z.infer<typeof keyCreated>

/** Response of `GET /api/v1/keys`, newest first. */
export const keyList = z.object({
  keys: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      scopes: z.array(keyScope),
      sources,
      /** Epoch ms. */
      createdAt: z.int(),
      /** Epoch ms. Undefined while the key is valid. */
      revokedAt: z.int().optional(),
    }),
  ),
})
export type KeyList = z.infer<typeof keyList>

/** Response of `POST /api/v1/admin/rebuild`: counts of what was folded again from the event log. */
export const rebuildReport = z.object({ orders: count, visits: count, events: count, elapsedMs: z.number().min(0) })
export type RebuildReport = z.infer<typeof rebuildReport>

/** Response of `GET /api/v1/admin/doctor`; `ok` if every check is. */
export const doctorReport = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), message: z.string() })),
})
export type DoctorReport = z.infer<typeof doctorReport>
