import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { createZstdDecompress } from 'node:zlib'
import { countRows } from '@stagewatch/db/dump/snapshot.ts'
import { extract } from 'tar-stream'
import type { z } from 'zod'
import { AppError } from '../platform/app-error.ts'
import { checksumsName, manifest, manifestName, summary, summaryName, tableOfPart } from './manifest.ts'
import type { Manifest, Summary } from './manifest.ts'

/** A part of a table's rows, as CSV with a header. */
export interface BackupPart {
  readonly table: string
  readonly csv: Buffer
}

export interface BackupContent {
  readonly manifest: Manifest
  readonly summary: Summary
}

/** A backup writes rows in parts of some MB; a longer entry is not from a backup. */
const maxEntryBytes = 1024 * 1024 * 1024

/**
 * Reads a backup file to its end and checks that it is complete and unchanged.
 * @param take Receives the rows; it must undo what it has done with them if this function throws.
 * @throws AppError `invalid_field` if it is not a backup, is damaged, or has a format that this version does not know.
 */
export async function readBackup(
  path: string,
  take: (part: BackupPart) => Promise<void>,
  signal?: AbortSignal,
): Promise<BackupContent> {
  const entries = extract()
  const file = createReadStream(path)
  const plain = createZstdDecompress()
  for (const source of [file, plain]) source.on('error', (error) => entries.destroy(error))
  file.pipe(plain).pipe(entries)
  const hashes = new Map<string, string>()
  const rowCounts: Record<string, number> = {}
  let content: Manifest | undefined
  let told: Summary | undefined
  let isChecked = false
  try {
    for await (const entry of entries) {
      signal?.throwIfAborted()
      const { name, size } = entry.header
      if (size > maxEntryBytes) throw damaged(path, `its entry ${name} is too large`)
      const bytes = await buffer(entry)
      if (name === manifestName) {
        content = parsed(manifest, bytes, path, name)
        continue
      }
      if (content === undefined) throw damaged(path, `it does not begin with ${manifestName}`)
      const table = tableOfPart(name)
      if (table !== undefined) {
        if (!content.tables.some((one) => one.name === table)) throw damaged(path, `it has no table ${table}`)
        hashes.set(name, createHash('sha256').update(bytes).digest('hex'))
        rowCounts[table] = (rowCounts[table] ?? 0) + countRows(bytes)
        await take({ table, csv: bytes })
      } else if (name === checksumsName) {
        requireChecksums(bytes.toString(), hashes, path)
        isChecked = true
      } else if (name === summaryName) {
        told = parsed(summary, bytes, path, name)
      } else {
        throw damaged(path, `it contains ${JSON.stringify(name.slice(0, 100))}`)
      }
    }
  } catch (error) {
    throw isUnreadable(error) ? damaged(path, error.message) : error
  } finally {
    file.destroy()
  }
  if (content === undefined || told === undefined || !isChecked) throw damaged(path, 'its end is missing')
  for (const [table, count] of Object.entries(told.rowCounts)) {
    if ((rowCounts[table] ?? 0) !== count)
      throw damaged(path, `it has ${rowCounts[table] ?? 0} of ${count} rows of ${table}`)
  }
  return { manifest: content, summary: told }
}

function requireChecksums(text: string, hashes: Map<string, string>, path: string): void {
  const lines = text.split('\n').filter((line) => line !== '')
  if (lines.length !== hashes.size) throw damaged(path, `it has ${hashes.size} of ${lines.length} parts`)
  for (const line of lines) {
    const [hash, name = ''] = line.split('  ')
    if (hashes.get(name) !== hash) throw damaged(path, `the checksum of ${name} differs`)
  }
}

function parsed<T>(schema: z.ZodType<T>, bytes: Buffer, path: string, name: string): T {
  let json: unknown
  try {
    json = JSON.parse(bytes.toString())
  } catch {
    throw damaged(path, `${name} is not JSON`)
  }
  const result = schema.safeParse(json)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw damaged(path, `${name}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
}

/** Errors of the decompression and of the archive, which have no class of their own. */
function isUnreadable(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return code.startsWith('Z') || code === 'ERR_BUFFER_TOO_LARGE' || /tar header|end of data/i.test(error.message)
}

function damaged(path: string, why: string): AppError {
  return new AppError('invalid_field', `${path} is not a complete backup (${why}): use another one`, {
    field: 'file',
    reason: 'unreadable',
  })
}
