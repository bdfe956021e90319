import { hash, randomBytes } from 'node:crypto'
import { existsSync, openAsBlob } from 'node:fs'
import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import type { Database } from './database.ts'
import { openEmbedded, openEmbeddedCopy } from './embedded.ts'
import { migrateEmbedded, migratePostgresql, migrationsFolder } from './migrate.ts'
import { openPostgresql } from './postgresql.ts'

/**
 * A fresh, migrated database for one test file: on the PostgreSQL server of `TEST_DATABASE_URL` when that is set, and
 * embedded in memory otherwise. Closing it drops it.
 */
export async function openTestDatabase(): Promise<Database> {
  const server = process.env['TEST_DATABASE_URL']
  if (server === undefined) {
    return openEmbeddedCopy(await migratedTemplate())
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

/**
 * A migrated database as a file, made once for each set of migrations: initialising one takes seconds, copying it a
 * fraction of that.
 */
async function migratedTemplate(): Promise<Blob> {
  const file = join(tmpdir(), `stagewatch-template-${await migrationsHash()}.tar`)
  if (existsSync(file)) return openAsBlob(file)
  const { pglite } = await openEmbedded()
  await migrateEmbedded(pglite)
  const dump = await pglite.dumpDataDir('none')
  await pglite.close()
  // Under another name first: test files start side by side.
  const draft = `${file}.${randomBytes(4).toString('hex')}`
  await writeFile(draft, dump.stream())
  await rename(draft, file)
  return dump
}

async function migrationsHash(): Promise<string> {
  const names = (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql')).toSorted()
  const texts = await Promise.all(names.map((name) => readFile(join(migrationsFolder, name), 'utf8')))
  const { version } = await readManifest()
  return hash('sha256', JSON.stringify([version, texts]), 'hex').slice(0, 16)
}

/** Another version of the engine may not read the files of this one. */
async function readManifest(): Promise<{ version: string }> {
  const entry = fileURLToPath(import.meta.resolve('@electric-sql/pglite'))
  return JSON.parse(await readFile(join(entry, '../../package.json'), 'utf8')) as { version: string }
}
