import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import { drizzle as drizzlePostgres } from 'drizzle-orm/postgres-js'
import { migrate as migratePostgres } from 'drizzle-orm/postgres-js/migrator'
import type { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'
import { DatabaseUnavailableError } from './database-unavailable.ts'
import { findWritable } from './find-writable.ts'
import { postgresqlHosts } from './postgresql-hosts.ts'

export const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url))

/** Any fixed number: the same for every process that migrates the same database. */
const lockKey = 7_246_001

/** Brings the embedded database to the newest schema; its data directory admits one process, so no lock is needed. */
export async function migrateEmbedded(pglite: PGlite): Promise<void> {
  await migratePglite(drizzlePglite(pglite), { migrationsFolder })
}

/**
 * Brings a PostgreSQL database to the newest schema. Of several processes that start together one migrates and the
 * others wait. A statement that cannot get its table lock within 5 s gives up rather than queue readers behind it.
 * @throws when another process holds the migration lock for more than a minute, or no host takes writes.
 */
export async function migratePostgresql(url: string): Promise<void> {
  const sql = postgres(await writableUrl(postgresqlHosts(url)), { max: 1, onnotice: () => undefined })
  try {
    await waitForLock(sql)
    await sql`set lock_timeout = '5s'`
    await migratePostgres(drizzlePostgres(sql), { migrationsFolder })
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** A database that starts together with its servers, or is on its way to another host, is waited for. */
const waitForHostMs = 30_000

/** The host that takes writes now. */
async function writableUrl(hosts: readonly string[]): Promise<string> {
  const until = performance.now() + waitForHostMs
  for (;;) {
    try {
      const { index, session } = await findWritable(hosts, 0, {})
      await session.close()
      return hosts[index] ?? ''
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError) || performance.now() > until) throw error
    }
    await delay(500)
  }
}

/** A session lock: the server frees it when the connection ends, however that happens. */
async function waitForLock(sql: postgres.Sql): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt++) {
    const [row] = await sql<{ locked: boolean }[]>`select pg_try_advisory_lock(${lockKey}) as locked`
    if (row?.locked === true) return
    await delay(250)
  }
  throw new Error('another process has held the migration lock for a minute')
}
