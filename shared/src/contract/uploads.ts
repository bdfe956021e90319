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
  /** Bytes of one request; one may be shorter. */
  chunk: 8 * 1024 * 1024,
  /** Uploads that a site may have at a time. */
  ofSite: 20,
  /** Stages that a check or an import may be told to end orders. */
  terminal: 100,
  stage: 200,
} as const

/** The header of a chunk: how many bytes of the file were sent before it. */
export const uploadOffsetHeader = 'upload-offset'

/** A file that is about to be sent in chunks. */
export const uploadBegin = z.strictObject({
  file: z.string().trim().min(1).max(importLimits.file),
  /** Of the file. */
  bytes: z.int().min(1, 'must be at least 1: an empty file has nothing to import'),
})

/** How a file is read, and what else is done with it. */
export const importOrder = z.strictObject({
  mapping: importMapping.default({}),
  /** First the process is created from the file; one that exists gets the stages that it lacks. */
  discover: z.boolean().default(false),
  /** With `discover`: stages that end an order. */
  terminal: z.array(z.string().trim().min(1).max(uploadLimits.stage)).max(uploadLimits.terminal).readonly().default([]),
})

/** `repeated`: what becomes of earlier imports of the file that have read it in another way. */
export const uploadImport = importOrder.extend({ repeated: z.enum(['replace', 'beside']).optional() })

/** The first rows of a table as they are. */
const readTable = z.object({
  file: fileFacts,
  header: z.array(z.string()).readonly(),
  rows: z.array(z.object({ line: z.int(), cells: z.array(z.string()).readonly() })).readonly(),
})

/** The dry run of an upload that was asked for last. */
const uploadCheck = z.object({
  /** `failed`: `problem` says why the file cannot be read by the mapping. */
  state: z.enum(['waiting', 'running', 'done', 'failed', 'stopped']),
  order: importOrder,
  startedAt: instant,
  progress: importProgress.optional(),
  report: importReport.optional(),
  problem: z
    .object({
      code: problemCode,
      /** In English, with what to do on the command line. */
      message: z.string(),
      details: z.array(fieldIssue).optional(),
      /** Left out: the file is not to blame. */
      file: fileProblem.optional(),
    })
    .optional(),
  /** Of one that has failed: what is in the file, as far as it is a table, so that its columns can be chosen. */
  table: readTable.optional(),
})

/** A file of its sender; nobody else is told of it. */
export const uploadView = z.object({
  id: z.string(),
  file: z.string(),
  bytes,
  /** The next chunk begins here; it is `bytes` when all of it is there. */
  receivedBytes: bytes,
  /** SHA-256 of all of it, hex; undefined: it is not complete. */
  hash: z.string().optional(),
  startedAt: instant,
  /** When it is deleted, unless it is being read by then. */
  expiresAt: instant,
  check: uploadCheck.optional(),
  /** The import of it that began last. */
  import: importView.optional(),
  /** Imports of a file with the same bytes that still count, the newest first. */
  earlier: z.array(importView).readonly(),
})

/** `maxBytes`: of one file. `chunkBytes`: of one request. */
export const uploadList = z.object({ uploads: z.array(uploadView), maxBytes: bytes, chunkBytes: bytes })

export type UploadBegin = z.infer<typeof uploadBegin>
export type UploadView = z.infer<typeof uploadView>
export type UploadList = z.infer<typeof uploadList>
export type ReadTable = z.infer<typeof readTable>
export type UploadCheck = z.infer<typeof uploadCheck>
export type ImportOrder = z.infer<typeof importOrder>
export type UploadImport = z.infer<typeof uploadImport>
