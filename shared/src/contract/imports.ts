import { z } from 'zod'
import { fileProblem } from './file-problem.ts'
import { importReport } from './import-report.ts'
import { processDefinition } from './process.ts'

const instant = z.int()
const count = z.int().nonnegative()
const hash = z.string().regex(/^[0-9a-f]{64}$/)

export const importLimits = { file: 300, reason: 500, list: 200, optionsLength: 20_000 } as const

/** Announces a file whose rows will be sent as events. */
export const importBegin = z.strictObject({
  file: z.string().min(1).max(importLimits.file),
  /** SHA-256 of the file's bytes, hex. */
  hash,
  /** Options with which the file is read. */
  options: z
    .record(z.string(), z.unknown())
    .refine((options) => JSON.stringify(options).length <= importLimits.optionsLength, 'is too long')
    .default({}),
})

const importCounts = { rows: count, accepted: count, duplicate: count, rejected: count }

/** Result of an import; the counts are of the processed rows. */
export const importEnd = z.strictObject({
  ...importCounts,
  brokenOff: z.string().max(1_000).optional(),
  brokenOffCause: fileProblem.optional(),
})

/** Events that are validated and not stored, as in `POST /api/v1/events`, and the process that would be saved first. */
export const importTrial = z.strictObject({ events: z.array(z.unknown()), process: processDefinition.optional() })

export const importUndo = z.strictObject({ reason: z.string().trim().min(1).max(importLimits.reason) })

/**
 * `waiting`: queued behind other imports. `running` also if the command that sends its rows died. `undoing`: some of
 * its events no longer count.
 */
const importStates = ['waiting', 'running', 'done', 'brokenOff', 'undoing', 'undone'] as const

/** Progress of reading a file. */
export const importProgress = z.object({
  /** `columns`: detecting cell formats; `stages`: deriving the process; `rows`: importing the rows. */
  phase: z.enum(['columns', 'stages', 'rows']),
  /** Progress in this phase, 0..1. */
  ratio: z.number(),
  rowsPerSecond: z.number(),
  /** Remaining time of this phase. Undefined while unknown. */
  leftMs: z.number().optional(),
})

export const importView = z.object({
  id: count,
  file: z.string(),
  hash,
  options: z.record(z.string(), z.unknown()),
  state: z.enum(importStates),
  actor: z.string(),
  startedAt: instant,
  /** Set while the server reads the file. */
  progress: importProgress.optional(),
  endedAt: instant.optional(),
  /** Why the import was aborted before the end of the file, in English. */
  brokenOff: z.string().optional(),
  /** The same for pages. Undefined: pages have no text for it. */
  brokenOffCause: fileProblem.optional(),
  ...importCounts,
  undo: z
    .object({ startedAt: instant, endedAt: instant.optional(), actor: z.string(), reason: z.string(), events: count })
    .optional(),
})

/** One import with its report and the actions that are available for it. */
export const importDetail = importView.extend({
  /** Undefined: the import has not ended, or it was run by a command. */
  report: importReport.optional(),
  /** The upload that it reads, while that exists. */
  upload: z.string().optional(),
  /** The rejected rows can be downloaded as a file. */
  hasErrorsFile: z.boolean(),
})

/** `sameFile`: imports of a file with the same bytes that are still in effect, newest first. */
export const importBegun = z.object({ id: count, sameFile: z.array(importView) })
export const importList = z.object({ imports: z.array(importView) })
/** `isDone`: none of its events counts any more; otherwise repeat the same request to continue. */
export const importUndone = z.object({
  import: importView,
  isDone: z.boolean(),
  /** Archived orders that this request has brought back, so that the next ones can take their events back. */
  restoredOrders: z.int().nonnegative().default(0),
})

export type ImportProgress = z.infer<typeof importProgress>
export type ImportDetail = z.infer<typeof importDetail>
export type ImportBegin = z.infer<typeof importBegin>
export type ImportBegun = z.infer<typeof importBegun>
export type ImportEnd = z.infer<typeof importEnd>
export type ImportView = z.infer<typeof importView>
export type ImportList = z.infer<typeof importList>
export type ImportUndone = z.infer<typeof importUndone>
