import { readMigrationFiles } from 'drizzle-orm/migrator'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import postgres from 'postgres'
import journal from '../migrations/meta/_journal.json' with { type: 'json' }
import type { Database } from './database.ts'
import { openEmbedded } from './embedded.ts'
import { newestMigration } from './installed-versions.ts'
import { migrateEmbedded, migratePostgresql, migrationsFolder } from './migrate.ts'
import { openPostgresql } from './postgresql.ts'
import { createTestDatabase } from './test-database.ts'
import { UnusableDatabaseError } from './unusable-database.ts'

const onPostgresql = process.env['TEST_DATABASE_URL']
let database: Database
let migrate: () => Promise<string[]>
/** The migrations that an empty database needs. */
let needed: string[]
let remove: () => Promise<void>

beforeAll(async () => {
  if (onPostgresql === undefined) {
    const embedded = await openEmbedded()
    database = embedded
    migrate = () => migrateEmbedded(embedded.pglite)
    needed = await migrate()
    remove = () => embedded.close()
  } else {
    const { url, drop } = await createTestDatabase(onPostgresql)
    database = openPostgresql(url)
    migrate = async () => (await migratePostgresql(url)).missing
    needed = await migrateEmpty(onPostgresql)
    remove = async () => {
      await database.close()
      await drop()
    }
  }
})
afterAll(() => remove())

async function migrateEmpty(server: string): Promise<string[]> {
  const name = `stagewatch_empty_${process.pid}`
  await database.query(`create database ${name}`)
  const url = new URL(server)
  url.pathname = name
  try {
    return (await migratePostgresql(url.href)).missing
  } finally {
    await database.query(`drop database ${name}`)
  }
}

it('an empty database tells which migrations it was brought up to date by, in their order', async () => {
  expect(needed).toHaveLength(readMigrationFiles({ migrationsFolder }).length)
  expect(needed[0]).toBe('0000_first')
  expect(needed).toEqual(needed.toSorted())
  expect(await migrate()).toEqual([])
})

it.skipIf(onPostgresql === undefined)(
  'a migration that waits for a table which others are reading keeps no reader waiting, and runs when they have ended',
  async () => {
    const name = `stagewatch_busy_${process.pid}`
    await database.query(`create database ${name}`)
    const url = new URL(onPostgresql ?? '')
    url.pathname = name
    // Before a migration that changes the table `orders`.
    const older = journal.entries.slice(
      0,
      journal.entries.findIndex(({ tag }) => tag === '0021_attributes_columns'),
    )
    await migratePostgresql(
      url.href,
      older.map(({ when }) => when),
    )
    const reader = postgres(url.href, { max: 2, onnotice: () => undefined })
    try {
      const release = Promise.withResolvers<undefined>()
      const reading = Promise.withResolvers<undefined>()
      const read = reader.begin(async (tx) => {
        await tx`select count(*) from orders`
        reading.resolve(undefined)
        await release.promise
      })
      await reading.promise
      const migrating = migratePostgresql(url.href)
      migrating.catch(() => undefined)
      await vi.waitFor(async () => {
        const waiting = await reader`select 1 from pg_locks where not granted and relation = 'orders'::regclass`
        expect(waiting).toHaveLength(1)
      }, 4_000)
      // This reader queues behind the migration, and is answered although the first one is still reading.
      expect(await reader`select count(*)::int as count from orders`).toMatchObject([{ count: 0 }])
      release.resolve(undefined)
      await read
      expect((await migrating).missing).toHaveLength(journal.entries.length - older.length)
    } finally {
      await reader.end()
      await database.query(`drop database ${name} with (force)`)
    }
  },
)

it('a database that is up to date is not changed', async () => {
  const applied = () => database.query('select hash from drizzle.__drizzle_migrations')
  const before = await applied()
  await migrate()
  expect(await applied()).toEqual(before)
  expect(before).toHaveLength(readMigrationFiles({ migrationsFolder }).length)
})

const inFuture = Date.UTC(2100, 0, 1)
const toNewer =
  /migrated by Stagewatch 9\.1\.0, and this is \d+\.\d+\.\d+ \(1 of its \d+ migrations are unknown here\): start 9\.1\.0 or newer, or restore a backup/

it('a database that a newer version has migrated is refused, and not touched', async () => {
  await database.query(`insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', ${inFuture})`)
  await expect(migrate()).rejects.toThrow(UnusableDatabaseError)
  await expect(migrate()).rejects.toThrow(
    /migrated by a newer version of Stagewatch than this one, \d+\.\d+\.\d+ \(1 of/,
  )
})

it('both versions are named where the newer one has stored its own', async () => {
  const compatibleSince = newestMigration + 1
  await database.query(`insert into installed_versions values ('9.1.0', now(), ${inFuture}, ${compatibleSince})`)
  await expect(migrate()).rejects.toThrow(toNewer)
})

it('on PostgreSQL, a version with which the newer one is compatible may start, and changes nothing', async () => {
  await database.query(`update installed_versions set oldest_compatible = ${newestMigration} where version = '9.1.0'`)
  const stored = () =>
    database.query('select version, newest_migration::text as newest from installed_versions order by 1')
  const before = await stored()
  const outcome = await migrate().then(JSON.stringify, String)
  const expected = onPostgresql === undefined ? toNewer : /^\[\]$/
  expect(outcome).toMatch(expected)
  expect(await stored()).toEqual(before)
  expect(before).toHaveLength(2)
})
