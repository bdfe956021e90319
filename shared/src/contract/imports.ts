import { z } from 'zod'
import { importReport } from './import-report.ts'
import { processDefinition } from './process.ts'

const instant = z.int()
const count = z.int().nonnegative()
const hash = z.string().regex(/^[0-9a-f]{64}$/)

export const importLimits = { file: 300, reason: 500, list: 200, optionsLength: 20_000 } as const

/** A file whose rows are about to be sent as events. */
export const importBegin = z.strictObject({
  file: z.string().min(1).max(importLimits.file),
  /** SHA-256 of its bytes, hex. */
  hash,
  /** How it is read. */
  options: z
    .record(z.string(), z.unknown())
    .refine((options) => JSON.stringify(options).length <= importLimits.optionsLength, 'is too long')
    .default({}),
})

const importCounts = { rows: count, accepted: count, duplicate: count, rejected: count }

/** How it went; the rows are those that were decided on. */
export const importEnd = z.strictObject({ ...importCounts, brokenOff: z.string().max(1_000).optional() })

/** Events that are judged and not kept: as `POST /api/v1/events` takes them, and a process that would be saved before. */
export const importTrial = z.strictObject({ events: z.array(z.unknown()), process: processDefinition.optional() })

export const importUndo = z.strictObject({ reason: z.string().trim().min(1).max(importLimits.reason) })

/**
 * `waiting`: others are read before it. `running` also when the command that sends its rows died. Of one that is `undoing`
 * some events count no more.
 */
const importStates = ['waiting', 'running', 'done', 'brokenOff', 'undoing', 'undone'] as const

/** How far a file has been read. */
export const importProgress = z.object({
  /** `columns`: how its cells are written; `stages`: the process; `rows`: the rows themselves. */
  phase: z.enum(['columns', 'stages', 'rows']),
  /** Of the file in this phase, 0..1. */
  ratio: z.number(),
  rowsPerSecond: z.number(),
  /** Of this phase; undefined: it cannot be told yet. */
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
  /** While the server reads it. */
  progress: importProgress.optional(),
  endedAt: instant.optional(),
  brokenOff: z.string().optional(),
  ...importCounts,
  undo: z
    .object({ startedAt: instant, endedAt: instant.optional(), actor: z.string(), reason: z.string(), events: count })
    .optional(),
})

/** One import with how its file was understood, and what can be done with it. */
export const importDetail = importView.extend({
  /** Undefined: it has not ended, or a command has run it. */
  report: importReport.optional(),
  /** The upload that it reads, as long as that is there. */
  upload: z.string().optional(),
  /** Rejected rows that can be fetched as a file. */
  hasErrorsFile: z.boolean(),
})

/** `sameFile`: imports of a file with the same bytes that still count, the newest first. */
export const importBegun = z.object({ id: count, sameFile: z.array(importView) })
export const importList = z.object({ imports: z.array(importView) })
/** `isDone`: nothing of it counts any more; otherwise the same request goes on. */
export const importUndone = z.object({ import: importView, isDone: z.boolean() })

export type ImportProgress = z.infer<typeof importProgress>
export type ImportDetail = z.infer<typeof importDetail>
export type ImportBegin = z.infer<typeof importBegin>
export type ImportBegun = z.infer<typeof importBegun>
export type ImportEnd = z.infer<typeof importEnd>
export type ImportView = z.infer<typeof importView>
export type ImportList = z.infer<typeof importList>
export type ImportUndone = z.infer<typeof importUndone>
