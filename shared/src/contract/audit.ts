import { z } from 'zod'

/** What is sealed: the events of a site, and the changes to its rules. */
const auditStream = z.enum(['events', 'changes'])

/** The last seal of a chain at some time. Who keeps it elsewhere can prove later that nothing before it was changed. */
export const auditHead = z.object({
  site: z.string(),
  stream: auditStream,
  /** Number of the seal, from 1. */
  seq: z.int().positive(),
  /** SHA-256, hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Epoch ms. */
  sealedAt: z.number(),
})
export type AuditHead = z.infer<typeof auditHead>

/** Response of `GET /api/v1/admin/audit`: the heads of the site's chains. */
export const auditHeads = z.object({ heads: z.array(auditHead) })
export type AuditHeads = z.infer<typeof auditHeads>

/** Heads that are compared at once. */
export const maxComparedHeads = 5_000

/** Request body of `POST /api/v1/admin/audit/comparison`. */
export const comparedHeads = z.strictObject({ heads: z.array(auditHead).min(1).max(maxComparedHeads) })

/**
 * - `changed`: rows of the seal are missing or not as they were, or the seal itself is not.
 * - `removed`: all rows of the seal are missing.
 * - `added`: a row was written into the past, so that no seal contains it.
 * - `redaction`: a row was changed after personal data was removed from it, or nothing says that it was removed.
 * - `gap`: a seal is missing.
 * - `archive`: the files of an archive are missing, or do not contain what was moved to them.
 * - `cut`: a seal that was kept elsewhere does not exist; `rewritten`: it exists with another hash.
 */
const sealProblemKinds = ['changed', 'removed', 'added', 'redaction', 'gap', 'archive', 'cut', 'rewritten'] as const

export const sealProblem = z.object({
  kind: z.enum(sealProblemKinds),
  site: z.string(),
  stream: auditStream,
  /** Number of the seal. Undefined: the row has none. */
  seq: z.int().optional(),
  /** Position of the row in its stream. */
  position: z.string().optional(),
  /** Number of rows that are missing. */
  missing: z.int().optional(),
  /** Name of the archive. */
  archive: z.string().optional(),
})
export type SealProblem = z.infer<typeof sealProblem>

export const maxSealProblems = 100

/** What verifying the record has found. */
export const verificationReport = z.object({
  streams: z.array(
    z.object({
      site: z.string(),
      stream: auditStream,
      seals: z.int(),
      /** Rows in the database. */
      rows: z.int(),
      /** Events in archives. */
      archived: z.int(),
      /** Rows from which personal data was removed since they were sealed. */
      redacted: z.int(),
    }),
  ),
  /** The first of them. */
  problems: z.array(sealProblem).max(maxSealProblems),
  problemCount: z.int(),
})
export type VerificationReport = z.infer<typeof verificationReport>

/** A line of the response of `GET /api/v1/admin/audit/verification`; the last one has the report. */
export const verificationLine = z.object({ done: z.number(), report: verificationReport.optional() })
export type VerificationLine = z.infer<typeof verificationLine>
