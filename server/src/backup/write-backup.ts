import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import type { Writable } from 'node:stream'
import { createZstdCompress } from 'node:zlib'
import type { Database } from '@stagewatch/db/database.ts'
import { countRows } from '@stagewatch/db/dump/snapshot.ts'
import { listDumpedTables, listMigrationTimes, listSequences, selectsOf } from '@stagewatch/db/dump/dump-tables.ts'
import type { Snapshot } from '@stagewatch/db/dump/snapshot.ts'
import { pack } from 'tar-stream'
import type { Pack } from 'tar-stream'
import { checksumsName, manifestName, newManifest, partName, summaryName } from './manifest.ts'
import type { Summary } from './manifest.ts'

/** Progress of a backup: size of the tables that have been read, of all. */
export interface BackupProgress {
  readonly doneBytes: number
  readonly totalBytes: number
}

export interface BackupOptions {
  readonly database: Database
  /** Epoch ms. */
  readonly now: number
  readonly progress?: (progress: BackupProgress) => void
  /** Ends the backup, which then fails. */
  readonly signal?: AbortSignal
}

/**
 * Writes all tables, as they were at one instant, as a tar archive compressed with zstd. The server continues to work;
 * an embedded database answers nothing else until all rows are read.
 */
export async function writeBackup(options: BackupOptions, to: Writable): Promise<Summary> {
  const { database, signal } = options
  const archive = pack()
  const written = pipeline(archive, createZstdCompress(), to, { ...(signal !== undefined && { signal }) })
  // Also awaited below; a failure of both is reported once.
  written.catch(() => undefined)
  try {
    const result = await database.readSnapshot((snapshot) => writeEntries(snapshot, archive, options))
    archive.finalize()
    await written
    return result
  } catch (error) {
    archive.destroy(error instanceof Error ? error : new Error(String(error)))
    await written
    throw error
  }
}

async function writeEntries(
  snapshot: Snapshot,
  archive: Pack,
  { database, now, progress, signal }: BackupOptions,
): Promise<Summary> {
  const tables = await listDumpedTables(snapshot)
  const content = newManifest({
    createdAt: now,
    database: database.kind,
    migrationTimes: await listMigrationTimes(snapshot),
    tables: tables.map(({ name, columns }) => ({ name, columns: [...columns] })),
  })
  const mtime = new Date(now)
  await addEntry(archive, manifestName, mtime, Buffer.from(`${JSON.stringify(content, undefined, 2)}\n`))
  const checksums: string[] = []
  const rowCounts: Record<string, number> = {}
  const totalBytes = tables.reduce((sum, { bytes }) => sum + bytes, 0)
  let doneBytes = 0
  for (const table of tables) {
    let [part, rowCount] = [0, 0]
    for (const select of selectsOf(table)) {
      signal?.throwIfAborted()
      const csv = await snapshot.copyCsv(select)
      const count = countRows(csv)
      if (count === 0 && part > 0) continue
      const name = partName(table.name, part)
      await addEntry(archive, name, mtime, csv)
      checksums.push(`${createHash('sha256').update(csv).digest('hex')}  ${name}\n`)
      part += 1
      rowCount += count
    }
    rowCounts[table.name] = rowCount
    doneBytes += table.bytes
    progress?.({ doneBytes, totalBytes })
  }
  const result: Summary = { rowCounts, sequences: await listSequences(snapshot) }
  await addEntry(archive, checksumsName, mtime, Buffer.from(checksums.join('')))
  await addEntry(archive, summaryName, mtime, Buffer.from(`${JSON.stringify(result, undefined, 2)}\n`))
  return result
}

/** Resolves when the receiver has taken the bytes, so that nothing piles up. */
function addEntry(archive: Pack, name: string, mtime: Date, content: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const entry = archive.entry({ name, size: content.length, mode: 0o600, mtime }, (error) =>
      error === null || error === undefined ? resolve() : reject(error),
    )
    // Reported by the callback as well.
    entry.on('error', reject)
    entry.end(content)
  })
}
