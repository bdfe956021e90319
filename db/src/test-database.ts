import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import type { Database } from './database.ts'
import { openEmbedded } from './embedded.ts'
import { migrateEmbedded, migratePostgresql } from './migrate.ts'
import { openPostgresql } from './postgresql.ts'

/**
 * A fresh, migrated database for one test file: on the PostgreSQL server of `TEST_DATABASE_URL` when that is set, and
 * embedded in memory otherwise. Closing it drops it.
 */
export async function openTestDatabase(): Promise<Database> {
  const server = process.env['TEST_DATABASE_URL']
  if (server === undefined) {
    const embedded = await openEmbedded()
    await migrateEmbedded(embedded.pglite)
    return embedded
  }
  const created = await createTestDatabase(server)
  const database = openPostgresql(created.url)
  return {
    ...database,
    async close() {
      await database.close()
      await created.drop()
    },
  }
}

/** A fresh, migrated database on a PostgreSQL server, for tests that start server processes on it. */
export async function createTestDatabase(server: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `stagewatch_test_${randomBytes(6).toString('hex')}`
  await runOn(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  await migratePostgresql(url.href)
  return { url: url.href, drop: () => runOn(server, `drop database if exists ${name} with (force)`) }
}

async function runOn(server: string, statement: string): Promise<void> {
  const sql = postgres(server, { max: 1, onnotice: () => undefined })
  try {
    await sql.unsafe(statement)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
