import { z } from 'zod'

export const retentionLimits = {
  /** Most companies compare with the year before. */
  minMonths: 1,
  maxMonths: 600,
  /** An order with more events stays in the log. */
  orderEvents: 20_000,
  /** Years for which an archived event that is sent again is recognized. */
  identityYears: 5,
  /** Days for which a restored order is not archived again. */
  restoredDays: 30,
} as const

/** When the events of ended orders are archived. Empty: never. */
export const retention = z.strictObject({
  /** Months after the end of an order. */
  archiveAfterMonths: z.int().min(retentionLimits.minMonths).max(retentionLimits.maxMonths).exactOptional(),
})
export type Retention = z.infer<typeof retention>

/** `version` is sent as `If-Match` when changing it. */
export const siteRetention = retention.extend({ version: z.string() })

/** Why archiving has stopped. */
export const archiveFailures = [
  'directory_unwritable',
  'directory_full',
  'database_full',
  'archive_damaged',
  'internal',
] as const
export type ArchiveFailure = (typeof archiveFailures)[number]

const count = z.int().nonnegative()

const archiveFile = z.object({ name: z.string(), sha256: z.string() })

/** Files with the events of orders that ended in the same month. Instants are epoch ms. */
export const archive = z.object({
  name: z.string(),
  /** `YYYY-MM` in the time zone of the site. */
  month: z.string(),
  archivedAt: z.number(),
  orders: count,
  events: count,
  /** Number of its orders that are back in the log. */
  restoredOrders: count,
  firstEventAt: z.number(),
  lastEventAt: z.number(),
  /** Size of its files. */
  bytes: count,
  files: z.array(archiveFile).max(2),
  /** Corrections of its orders that are in a file of their own. Undefined: they are still in the database. */
  corrections: count.optional(),
  /** Undefined: there is none. */
  correctionsFile: archiveFile.optional(),
  /** Approvals of its orders whose details are in a file of their own. Undefined: they are still in the database. */
  approvals: count.optional(),
  /** Undefined: there is none. */
  approvalsFile: archiveFile.optional(),
})
export type Archive = z.infer<typeof archive>

/** The last run of archiving at the site. Instants are epoch ms. */
export const archiveRun = z.object({
  /** `continues`: its time was over, and the rest follows within the hour. `lost`: its server instance has died. */
  state: z.enum(['running', 'done', 'continues', 'cancelled', 'failed', 'lost']),
  begunAt: z.number(),
  endedAt: z.number().optional(),
  orders: count,
  events: count,
  failure: z.enum(archiveFailures).optional(),
})
export type ArchiveRun = z.infer<typeof archiveRun>

export const archivesQuery = z.strictObject({
  site: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** From the previous page. */
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
})

/** Response of `GET /api/v1/archives`, newest first. */
export const archivesAnswer = z.object({
  archives: z.array(archive),
  cursor: z.string().optional(),
  totals: z.object({ archives: count, orders: count, restoredOrders: count, events: count, bytes: count }),
  /** Undefined: there was none. */
  run: archiveRun.optional(),
})
export type ArchivesAnswer = z.infer<typeof archivesAnswer>

/** An order, or all orders of an archive, to be restored. */
export const archiveRestore = z.union([
  z.strictObject({ order: z.string().min(1).max(200) }),
  z.strictObject({ archive: z.string().min(1).max(200) }),
])
export type ArchiveRestore = z.infer<typeof archiveRestore>

export const archiveCancelled = z.object({
  /** False: there was no run. */
  cancelled: z.boolean(),
})
export type ArchiveCancelled = z.infer<typeof archiveCancelled>

export const archiveRestored = z.object({
  orders: count,
  events: count,
  /** Events that waited in quarantine for these orders and are accepted now. */
  accepted: count,
})
export type ArchiveRestored = z.infer<typeof archiveRestored>
