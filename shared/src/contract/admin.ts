import { z } from 'zod'
import { processDefinition, processVersion } from './process.ts'
import { draftSummary } from './process-draft.ts'
import { visibleName } from './visible-name.ts'

const count = z.int().nonnegative()

/** The answer of `GET /api/v1/admin/processes`. */
export const processList = z.object({
  /** Each as it is now. */
  processes: z.array(processDefinition),
  /** Each with all its versions; `version` belongs into `If-Match` of whoever changes one of them. */
  histories: z.array(z.object({ process: z.string(), versions: z.array(processVersion), version: z.string() })),
  /** Code of the process of orders that name none; null while the site has no process. */
  defaultProcess: z.string().nullable(),
  /** Those that have a draft; undefined: whoever asks may not change rules. */
  drafts: z.array(draftSummary).optional(),
})
export type ProcessList = z.infer<typeof processList>

/**
 * What the bearer of a key may do. `ingest` sends events, and takes back those of the source that it speaks for;
 * with `void` also those of others.
 */
export const keyScopes = ['ingest', 'void', 'read', 'admin'] as const
export const keyScope = z.enum(keyScopes)
export type KeyScope = z.infer<typeof keyScope>

/** The sources whose events a key may send. Undefined: all. */
const sources = z.array(visibleName(200)).min(1).max(100).optional()

/** The body of `POST /api/v1/admin/keys`. */
export const keyRequest = z.object({
  name: visibleName(100),
  scopes: z.array(keyScope).min(1),
  sources,
})
export type KeyRequest = z.infer<typeof keyRequest>

/** `key` is the secret. It is shown here and never again: only its hash is stored. */
export const keyCreated = z.object({ id: z.string(), key: z.string() })
export type KeyCreated = z.infer<typeof keyCreated>

/** The answer of `GET /api/v1/keys`, the newest first. */
export const keyList = z.object({
  keys: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      scopes: z.array(keyScope),
      sources,
      /** Epoch ms. */
      createdAt: z.int(),
      /** Epoch ms; undefined: it is valid. */
      revokedAt: z.int().optional(),
    }),
  ),
})
export type KeyList = z.infer<typeof keyList>

/** The answer of `POST /api/v1/admin/rebuild`: what was folded again from the event log. */
export const rebuildReport = z.object({ orders: count, visits: count, events: count, elapsedMs: z.number().min(0) })
export type RebuildReport = z.infer<typeof rebuildReport>

/** The answer of `GET /api/v1/admin/doctor`; `ok` when every check is. */
export const doctorReport = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), message: z.string() })),
})
export type DoctorReport = z.infer<typeof doctorReport>
