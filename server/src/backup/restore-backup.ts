import { loadDump } from '@stagewatch/db/dump/load-dump.ts'
import type { LoadTarget } from '@stagewatch/db/dump/load-dump.ts'
import { countRows } from '@stagewatch/db/dump/snapshot.ts'
import { AppError } from '../platform/app-error.ts'
import { checkBackup } from './backup-files.ts'
import type { Summary } from './manifest.ts'
import { readBackup } from './read-backup.ts'

/** An empty database, see `LoadPlace`. */
interface RestorePlace {
  readonly databaseUrl?: string | undefined
  readonly dataDirectory: string
}

interface RestoreOptions {
  /** Called after each part of a table. */
  readonly progress?: (rows: { readonly done: number; readonly total: number }) => void
  readonly signal?: AbortSignal
}

/**
 * Restores a backup into an empty database. The file is read twice: nothing is changed unless all of it is intact.
 * @throws AppError `invalid_field` when the file is damaged.
 * @throws UnusableDatabaseError when the database is not empty, or the backup comes from a newer version.
 */
export async function restoreBackup(
  path: string,
  place: RestorePlace,
  { progress, signal }: RestoreOptions = {},
): Promise<Summary> {
  const { manifest, summary } = await checkBackup(path, signal)
  const total = Object.values(summary.rowCounts).reduce((sum, count) => sum + count, 0)
  let done = 0
  const columnsOf = new Map(manifest.tables.map(({ name, columns }) => [name, columns]))
  await loadDump({ ...place, migrationTimes: manifest.migrationTimes }, async (target) => {
    await readBackup(
      path,
      async ({ table, csv }) => {
        await target.copyCsv(table, columnsOf.get(table) ?? [], csv)
        done += countRows(csv)
        progress?.({ done, total })
      },
      signal,
    )
    await finishLoading(target, summary)
    await forgetWhatIsUnderWay(target, new Set(columnsOf.keys()))
  })
  return summary
}

/** Continues numbers where they were, and compares what is in the tables with what the source had. */
export async function finishLoading(target: LoadTarget, { rowCounts, sequences }: Summary): Promise<void> {
  await target.setSequences(sequences)
  for (const [table, count] of Object.entries(rowCounts)) {
    const [row] = await target.query<{ count: number }>(`select count(*)::float8 as count from public."${table}"`)
    if (row?.count !== count)
      throw new AppError('internal', `${row?.count ?? 0} rows of ${table} were stored, but ${count} were read`)
  }
}

const reason = 'restored from a backup: it may have been sent before'

/** By table, because a backup of an older version does not have all of them. */
const statements = {
  messages: `
    update messages set state = 'gave-up', next_attempt_at = null, sending_until = null,
      attempts = attempts || jsonb_build_array(jsonb_build_object('at', floor(extract(epoch from now()) * 1000),
        'result', 'gave-up', 'merged', 1, 'reason', '${reason}'))
    where state in ('queued', 'retried', 'sending')`,
  webhook_deliveries: `
    update webhook_deliveries set state = 'failed', next_attempt_at = null, last_error = '${reason}'
    where state = 'pending'`,
  jobs: 'update jobs set leased_until = null',
  user_sessions: 'delete from user_sessions',
  user_verifications: 'delete from user_verifications',
  screen_pairings: 'delete from screen_pairings',
}

/**
 * The restored installation must not repeat what the original has done since: messages that waited to be sent were
 * probably sent, sessions may have been ended, and links used.
 */
async function forgetWhatIsUnderWay(target: LoadTarget, tables: ReadonlySet<string>): Promise<void> {
  for (const [table, statement] of Object.entries(statements)) if (tables.has(table)) await target.query(statement)
}
