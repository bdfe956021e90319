import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import { drizzle as drizzlePostgres } from 'drizzle-orm/postgres-js'
import { migrate as migratePostgres } from 'drizzle-orm/postgres-js/migrator'
import type { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'
import journal from '../migrations/meta/_journal.json' with { type: 'json' }
import { DatabaseUnavailableError } from './database-unavailable.ts'
import { findWritable } from './find-writable.ts'
import { postgresqlHosts } from './postgresql-hosts.ts'
import { systemCode, UnusableDatabaseError } from './unusable-database.ts'

export const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url))

/** An arbitrary fixed number, the same for every process that migrates the same database. */
const lockKey = 7_246_001
const oldestVersion = 15

/**
 * Migrates the embedded database to the newest schema; its data directory permits only one process, so no lock is
 * needed.
 * @param times Times of the migrations to run; all of them by default.
 * @returns The migrations that were missing, in the order in which they ran.
 * @throws UnusableDatabaseError if a newer version of the program has migrated it.
 */
export async function migrateEmbedded(pglite: PGlite, times?: readonly number[]): Promise<string[]> {
  const missing = await missingMigrations(async (text) => (await pglite.query<Applied>(text)).rows)
  await inMigrationsFolder(times, (folder) => migratePglite(drizzlePglite(pglite), { migrationsFolder: folder }))
  return missing
}

/**
 * Migrates a PostgreSQL database to the newest schema. Of several processes that start together, one migrates and the
 * others wait. A statement that cannot get its table lock within 5 s fails instead of queueing readers behind it.
 * @param times Times of the migrations to run; all of them by default.
 * @returns The migrations that were missing, in the order in which they ran.
 * @throws UnusableDatabaseError if no host answers or accepts writes, if it refuses this user or database, if it is too
 * old, or if a newer version of the program has migrated it.
 * @throws If another process holds the migration lock for more than a minute.
 */
export async function migratePostgresql(url: string, times?: readonly number[]): Promise<string[]> {
  const hosts = postgresqlHosts(url)
  try {
    const sql = postgres(await writableUrl(hosts), { max: 1, onnotice: () => undefined })
    try {
      await requireNewEnough(sql)
      await waitForLock(sql)
      const missing = await missingMigrations((text) => sql.unsafe<Applied[]>(text))
      await sql`set lock_timeout = '5s'`
      await inMigrationsFolder(times, (folder) => migratePostgres(drizzlePostgres(sql), { migrationsFolder: folder }))
      return missing
    } finally {
      await sql.end({ timeout: 5 })
    }
  } catch (error) {
    throw refusal(hosts, error)
  }
}

/**
 * Provides a folder with some of the migrations, to create the tables of an older version.
 * @throws UnusableDatabaseError if one of them is unknown.
 */
async function inMigrationsFolder(
  times: readonly number[] | undefined,
  migrate: (folder: string) => Promise<void>,
): Promise<void> {
  if (times === undefined) return migrate(migrationsFolder)
  const entries = journal.entries.filter(({ when }) => times.includes(when))
  if (entries.length < times.length) {
    throw new UnusableDatabaseError(
      `the dump comes from a newer version of Stagewatch (${times.length - entries.length} of its ${times.length} migrations are unknown here): load it with that version`,
    )
  }
  const folder = await mkdtemp(join(tmpdir(), 'stagewatch-migrations-'))
  try {
    await mkdir(join(folder, 'meta'))
    await writeFile(join(folder, 'meta', '_journal.json'), JSON.stringify({ ...journal, entries }))
    for (const { tag } of entries) await copyFile(join(migrationsFolder, `${tag}.sql`), join(folder, `${tag}.sql`))
    await migrate(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Applied {
  readonly appliedAt: string
}

/**
 * Names of the migrations that have not run yet.
 * @throws UnusableDatabaseError if an unknown migration has run: this version might misread or destroy data in the
 * tables of a newer version.
 */
async function missingMigrations(query: (text: string) => Promise<readonly Applied[]>): Promise<string[]> {
  const [table] = await query(`select to_regclass('drizzle.__drizzle_migrations')::text as "appliedAt"`)
  const isFirst = (table?.appliedAt ?? null) === null
  const rows = isFirst ? [] : await query(`select created_at::text as "appliedAt" from drizzle.__drizzle_migrations`)
  const applied = new Set(rows.map(({ appliedAt }) => Number(appliedAt)))
  const unknown = applied.difference(new Set(journal.entries.map(({ when }) => when)))
  if (unknown.size > 0) {
    throw new UnusableDatabaseError(
      `the database was migrated by a newer version of Stagewatch (${unknown.size} of its ${applied.size} migrations are unknown here): start that version, or restore a backup from before it`,
    )
  }
  return journal.entries.filter(({ when }) => !applied.has(when)).map(({ tag }) => tag)
}

async function requireNewEnough(sql: postgres.Sql): Promise<void> {
  const [row] = await sql<{ version: string }[]>`select current_setting('server_version') as version`
  const version = row?.version ?? ''
  if (Number.parseInt(version, 10) >= oldestVersion) return
  throw new UnusableDatabaseError(`DATABASE_URL: PostgreSQL ${version} is too old: use ${oldestVersion} or newer`)
}

/** A host that does not answer within this time is assumed to be wrong, because somebody is waiting for the start. */
const answerWithinMs = 4_000
/** How long to wait for a host that reports that it is starting, or that is still a standby during a failover. */
const waitForHostMs = 30_000

/** The URL of the host that currently accepts writes. */
export async function writableUrl(hosts: readonly string[]): Promise<string> {
  const begunAt = performance.now()
  let lastSaid: DatabaseUnavailableError | undefined
  const silence = new AbortController()
  for (;;) {
    const waitedMs = performance.now() - begunAt
    const limitMs = hasAnswered(lastSaid) ? waitForHostMs : answerWithinMs
    if (waitedMs > limitMs) throw lastSaid ?? new DatabaseUnavailableError('away', 'no answer')
    try {
      const { index, session } = await Promise.race([
        findWritable(hosts, 0, {}),
        delay(Math.max(limitMs - waitedMs, 0), undefined, { signal: silence.signal }).then(() => {
          throw lastSaid ?? new DatabaseUnavailableError('away', 'no answer')
        }),
      ])
      silence.abort()
      await session.close()
      return hosts[index] ?? ''
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error
      lastSaid = error
    }
    await delay(250)
  }
}

/** PostgreSQL itself has answered, for example that it is starting or a standby, unlike a host without a listener. */
function hasAnswered(error: DatabaseUnavailableError | undefined): boolean {
  return error !== undefined && (error.cause instanceof postgres.PostgresError || error.message.includes('no writes'))
}

const silentHosts: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  ECONNREFUSED: 'nothing listens there',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
}

/**
 * Converts an error of the first connection to one with a single-sentence message that names the hosts and never the
 * password; other errors are returned unchanged.
 */
function refusal(hosts: readonly string[], error: unknown): unknown {
  const named = hosts.map((host) => new URL(host).host).join(', ')
  if (error instanceof DatabaseUnavailableError) {
    const { cause } = error
    const why =
      cause instanceof postgres.PostgresError ? cause.message : (silentHosts[systemCode(cause) ?? ''] ?? error.message)
    return new UnusableDatabaseError(
      `DATABASE_URL: no PostgreSQL at ${named} can be used (${why}): correct the address, or start the database first`,
    )
  }
  // Access denied (28), unknown database (3D000), no permission to create tables (42501).
  if (error instanceof postgres.PostgresError && /^(?:28|3D000|42501)/.test(error.code)) {
    return new UnusableDatabaseError(`DATABASE_URL: PostgreSQL at ${named} refuses: ${error.message}`)
  }
  return error
}

/** A session lock: the server releases it when the connection ends, for whatever reason. */
async function waitForLock(sql: postgres.Sql): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt++) {
    const [row] = await sql<{ locked: boolean }[]>`select pg_try_advisory_lock(${lockKey}) as locked`
    if (row?.locked === true) return
    await delay(250)
  }
  throw new UnusableDatabaseError('another process has held the migration lock for a minute: let it finish, or end it')
}
