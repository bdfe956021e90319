import { z } from 'zod'
import { visibleName } from './names.ts'

const count = z.int().nonnegative()

/** Whose data: that of a customer, or of an employee. */
export const erasureKind = z.enum(['customer', 'person'])
export type ErasureKind = z.infer<typeof erasureKind>

/** The name exactly as the sources report it. One character would be found in too many words. */
const erasedName = visibleName(200).refine((name) => Array.from(name).length >= 2, 'must have at least 2 characters')

/** Request body of `POST /api/v1/erasures/preview`. */
export const erasurePreviewRequest = z.strictObject({
  name: erasedName,
  /** `next` of the response before: only further archives are looked through. */
  archivesAfter: z.int().positive().optional(),
})

/** What some of the archives contain. A long search takes several requests. */
const archivesPreview = z.object({
  /** Number of archived events that contain the name. */
  events: count,
  /** Number of archived corrections and rows of approvals that do. */
  rows: count,
  /** Archives that this request has looked through. */
  searched: count,
  /** Archives that are left. */
  left: count,
  /** For the next request. Undefined: none is left. */
  next: z.int().optional(),
})
export type ArchivesPreview = z.infer<typeof archivesPreview>

/** Response of `POST /api/v1/erasures/preview`. */
export const erasurePreview = z.object({
  /** Number of events that contain the name. */
  events: count,
  /** Number of other stored rows that do: messages, tasks, rules, drafts and so on. */
  rows: count,
  /** Undefined: the server is older, and does not look through archives. */
  archives: archivesPreview.optional(),
})

export type ErasurePreview = z.infer<typeof erasurePreview>

/** Request body of `POST /api/v1/erasures`. */
export const erasureRequest = z.strictObject({
  kind: erasureKind,
  name: erasedName,
  /** Why, for the record of changes; it must not contain the name. */
  reason: visibleName(500),
})
export type ErasureRequest = z.infer<typeof erasureRequest>

/** A removal of personal data. The name itself is not part of it. Instants are epoch ms. */
export const erasure = z.object({
  id: z.string(),
  kind: erasureKind,
  /** What stands in place of the name. */
  pseudonym: z.string(),
  reason: z.string(),
  actor: z.string(),
  requestedAt: z.int(),
  /** Undefined: it is not done. */
  doneAt: z.int().optional(),
  /** Number of changed events so far. */
  events: count,
  /** Number of changed or deleted rows of other tables so far. */
  rows: count,
})
export type Erasure = z.infer<typeof erasure>

export const maxListedErasures = 100

/** Response of `GET /api/v1/erasures`, newest first. */
export const erasureList = z.object({ erasures: z.array(erasure).max(maxListedErasures) })
export type ErasureList = z.infer<typeof erasureList>
