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
import { missingMigrations, recordVersion } from './installed-versions.ts'
import type { Migrated, Query } from './installed-versions.ts'
import { systemCode, UnusableDatabaseError } from './unusable-database.ts'

export const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url))

/** An arbitrary fixed number, the same for every process that migrates the same database. */
const lockKey = 7_246_001
const oldestVersion = 15
/** How long a statement waits for the lock of a table, and readers of the table behind it. */
const tableLockWithinMs = 300
const retryLockedForMs = 60_000

/**
 * Migrates the embedded database to the newest schema; its data directory permits only one process, so no lock is
 * needed.
 * @param times Times of the migrations to run; all of them by default.
 * @returns The migrations that were missing, in the order in which they ran.
 * @throws UnusableDatabaseError if a newer version of the program has migrated it.
 */
export async function migrateEmbedded(pglite: PGlite, times?: readonly number[]): Promise<string[]> {
  const query: Query = async <Row>(text: string, parameters: readonly unknown[] = []) =>
    (await pglite.query<Row>(text, [...parameters])).rows
  // Only one process has the files open, so there is no rolling upgrade during which an older one has to start.
  const { missing } = await missingMigrations(query, { allowsCompatible: false })
  await inMigrationsFolder(times, (folder) => migratePglite(drizzlePglite(pglite), { migrationsFolder: folder }))
  if (times === undefined) await recordVersion(query)
  return missing
}

/**
 * Migrates a PostgreSQL database to the newest schema. Of several processes that start together, one migrates and the
 * others wait. While a statement waits for the lock of a table, readers queue behind it; so it waits briefly, and all
 * is tried again. An older version of the program leaves the tables as they are if the newer one allows it, so that
 * instances of both can be started during a rolling upgrade.
 * @param times Times of the migrations to run; all of them by default.
 * @throws UnusableDatabaseError if no host answers or accepts writes, if it refuses this user or database, if it is too
 * old, or if a newer version of the program has migrated it and does not allow this one.
 * @throws If another process holds the migration lock, or that of a table, for more than a minute.
 */
export async function migratePostgresql(url: string, times?: readonly number[]): Promise<Migrated> {
  const hosts = postgresqlHosts(url)
  try {
    const sql = postgres(await writableUrl(hosts), { max: 1, onnotice: () => undefined })
    try {
      await requireNewEnough(sql)
      await waitForLock(sql)
      const query: Query = async <Row>(text: string, parameters: readonly unknown[] = []) => [
        ...(await sql.unsafe<Row[] & readonly object[]>(text, parameters as never[])),
      ]
      const migrated = await missingMigrations(query, { allowsCompatible: times === undefined })
      if (migrated.newerVersion !== undefined) return migrated
      await sql.unsafe(`set lock_timeout = '${tableLockWithinMs}ms'`)
      await inMigrationsFolder(times, (folder) =>
        retryLocked(() => migratePostgres(drizzlePostgres(sql), { migrationsFolder: folder })),
      )
      if (times === undefined) await recordVersion(query)
      return migrated
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

/** The migrations run in one transaction, so a repetition begins with the first one. */
async function retryLocked(migrate: () => Promise<void>): Promise<void> {
  const begunAt = performance.now()
  for (;;) {
    try {
      await migrate()
      return
    } catch (error) {
      if (!isLockTimeout(error) || performance.now() - begunAt > retryLockedForMs) throw error
    }
    await delay(200 + Math.random() * 300)
  }
}

/** @param error of the driver, or of drizzle with that as its cause. */
function isLockTimeout(error: unknown): boolean {
  const thrown = error instanceof Error && error.cause instanceof postgres.PostgresError ? error.cause : error
  return thrown instanceof postgres.PostgresError && thrown.code === '55P03'
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
