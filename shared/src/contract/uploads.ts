import { z } from 'zod'
import { importMapping } from './import-mapping.ts'
import { fieldIssue } from './field-issue.ts'
import { fileProblem } from './file-problem.ts'
import { fileFacts, importReport } from './import-report.ts'
import { importLimits, importProgress, importView } from './imports.ts'
import { problemCode } from './problem.ts'

const instant = z.int()
const bytes = z.int().nonnegative()

export const uploadLimits = {
  /** Bytes per request; a request may be shorter. */
  chunk: 8 * 1024 * 1024,
  /** Maximum number of concurrent uploads per site. */
  ofSite: 20,
  /** Maximum number of stages that a check or an import may mark as terminal. */
  terminal: 100,
  stage: 200,
} as const

/** Header of a chunk: the number of bytes of the file that were sent before it. */
export const uploadOffsetHeader = 'upload-offset'

/** Announces a file that will be sent in chunks. */
export const uploadBegin = z.strictObject({
  file: z.string().trim().min(1).max(importLimits.file),
  /** Size of the file. */
  bytes: z.int().min(1, 'must be at least 1: an empty file has nothing to import'),
})

/** How a file is read, and what else is done with it. */
export const importOrder = z.strictObject({
  mapping: importMapping.default({}),
  /** First creates the process from the file, or adds missing stages to an existing one. */
  discover: z.boolean().default(false),
  /** With `discover`: stages that end an order. */
  terminal: z.array(z.string().trim().min(1).max(uploadLimits.stage)).max(uploadLimits.terminal).readonly().default([]),
})

/** `repeated`: what to do with earlier imports of the file that interpreted it differently. */
export const uploadImport = importOrder.extend({ repeated: z.enum(['replace', 'beside']).optional() })

/** The first rows of a table, unprocessed. */
const readTable = z.object({
  file: fileFacts,
  header: z.array(z.string()).readonly(),
  rows: z.array(z.object({ line: z.int(), cells: z.array(z.string()).readonly() })).readonly(),
})

/** The last requested dry run of an upload. */
const uploadCheck = z.object({
  /** `failed`: `problem` says why the file cannot be read with the mapping. */
  state: z.enum(['waiting', 'running', 'done', 'failed', 'stopped']),
  order: importOrder,
  startedAt: instant,
  progress: importProgress.optional(),
  report: importReport.optional(),
  problem: z
    .object({
      code: problemCode,
      /** English text that includes what to do on the command line. */
      message: z.string(),
      details: z.array(fieldIssue).optional(),
      /** Undefined: the problem is not in the file. */
      file: fileProblem.optional(),
    })
    .optional(),
  /** Set if the check failed: content of the file as far as it is a table, so that its columns can be chosen. */
  table: readTable.optional(),
})

/** An uploaded file; only its sender can see it. */
export const uploadView = z.object({
  id: z.string(),
  file: z.string(),
  bytes,
  /** Offset of the next chunk; equal to `bytes` when the upload is complete. */
  receivedBytes: bytes,
  /** SHA-256 of the whole file, hex. Undefined until it is complete. */
  hash: z.string().optional(),
  startedAt: instant,
  /** When it is deleted, unless it is being read. */
  expiresAt: instant,
  check: uploadCheck.optional(),
  /** The last import that was started from it. */
  import: importView.optional(),
  /** Imports of a file with the same bytes that are still in effect, newest first. */
  earlier: z.array(importView).readonly(),
})

/** `maxBytes`: limit per file. `chunkBytes`: limit per request. */
export const uploadList = z.object({ uploads: z.array(uploadView), maxBytes: bytes, chunkBytes: bytes })

export type UploadBegin = z.infer<typeof uploadBegin>
export type UploadView = z.infer<typeof uploadView>
export type UploadList = z.infer<typeof uploadList>
export type ReadTable = z.infer<typeof readTable>
export type UploadCheck = z.infer<typeof uploadCheck>
export type ImportOrder = z.infer<typeof importOrder>
export type UploadImport = z.infer<typeof uploadImport>
