import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { countRows } from '@stagewatch/db/dump/snapshot.ts'
import { listDumpedTables, listMigrationTimes, listSequences, selectsOf } from '@stagewatch/db/dump/dump-tables.ts'
import type { DumpedTable } from '@stagewatch/db/dump/dump-tables.ts'
import { loadDump } from '@stagewatch/db/dump/load-dump.ts'
import type { LoadTarget } from '@stagewatch/db/dump/load-dump.ts'
import { AppError } from '../platform/app-error.ts'
import type { Summary } from './manifest.ts'
import { finishLoading } from './restore-backup.ts'
import type { BackupProgress } from './write-backup.ts'

interface MoveOptions {
  readonly progress?: (progress: BackupProgress) => void
  readonly signal?: AbortSignal
}

/**
 * Copies everything from a database that nobody else uses into an empty PostgreSQL database, and compares the content
 * of every table afterwards. The source is not changed.
 * @throws UnusableDatabaseError when the target is not empty.
 */
export async function moveDatabase(
  source: Database,
  databaseUrl: string,
  { progress, signal }: MoveOptions = {},
): Promise<Summary> {
  return source.readSnapshot(async (snapshot) => {
    const tables = await listDumpedTables(snapshot)
    const migrationTimes = await listMigrationTimes(snapshot)
    const totalBytes = tables.reduce((sum, { bytes }) => sum + bytes, 0)
    const rowCounts: Record<string, number> = {}
    const result: Summary = { rowCounts, sequences: await listSequences(snapshot) }
    await loadDump({ databaseUrl, dataDirectory: '', migrationTimes }, async (target) => {
      let doneBytes = 0
      for (const table of tables) {
        rowCounts[table.name] = 0
        for (const select of selectsOf(table)) {
          signal?.throwIfAborted()
          const csv = await snapshot.copyCsv(select)
          await target.copyCsv(table.name, table.columns, csv)
          rowCounts[table.name] = (rowCounts[table.name] ?? 0) + countRows(csv)
        }
        doneBytes += table.bytes
        progress?.({ doneBytes, totalBytes })
      }
      await finishLoading(target, result)
      for (const table of tables) await requireSameContent(table, snapshot, target)
    })
    return result
  })
}

/** Compares the sums of the hashes of all rows, which do not depend on their order. */
async function requireSameContent(
  { name, columns }: DumpedTable,
  source: Pick<Queryable, 'query'>,
  target: LoadTarget,
): Promise<void> {
  // Where readers of the log continue is stored differently, see `selectsOf`.
  if (name === 'log_consumers') return
  const row = columns.map((column) => `"${column}"`).join(', ')
  const text = `select coalesce(sum(hashtextextended(row(${row})::text, 0)::numeric), 0)::text as sum from public."${name}"`
  const [[mine], [theirs]] = [await source.query<{ sum: string }>(text), await target.query<{ sum: string }>(text)]
  if (mine?.sum !== theirs?.sum) throw new AppError('internal', `the rows of ${name} differ after the move`)
}
