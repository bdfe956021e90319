import { execFile } from 'node:child_process'
import { hash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, mkdir, mkdtemp, readdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { databaseFolder } from './data-directory.ts'
import type { Database } from './database.ts'
import { openEmbedded } from './embedded.ts'
import { migrateEmbedded, migratePostgresql, migrationsFolder } from './migrate.ts'
import { RecycledDatabases } from './recycled-databases.ts'
import { RecycledPostgresql } from './recycled-postgresql.ts'
import { runOn, testDatabasePrefix } from './test-run.ts'

const recycled = new RecycledDatabases(embeddedTemplate)
/** By server, because some tests start one of their own. */
const recycledOn = new Map<string, RecycledPostgresql>()

/**
 * A fresh, migrated database for one test file: on the PostgreSQL server of `TEST_DATABASE_URL` if set, else embedded
 * in memory. Closing it drops it, or passes it on to the next file, see `RecycledDatabases`.
 */
export async function openTestDatabase(): Promise<Database> {
  const server = process.env['TEST_DATABASE_URL']
  if (server === undefined) return recycled.open()
  const onServer = recycledOn.get(server) ?? new RecycledPostgresql(() => createTestDatabase(server))
  recycledOn.set(server, onServer)
  return onServer.open()
}

/**
 * A new data directory with a migrated embedded database, for tests that start server processes or commands on it. The
 * caller removes it.
 */
export async function createTestDataDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'stagewatch-'))
  const folder = join(directory, databaseFolder)
  await mkdir(folder, { mode: 0o700 })
  // The names in a dump begin with a slash, which tar removes with a warning.
  await promisify(execFile)('tar', ['-xf', await embeddedTemplate(), '-C', folder])
  return directory
}

interface TestDatabase {
  readonly url: string
  readonly drop: () => Promise<void>
}

/** A fresh, migrated database on a PostgreSQL server, for tests that start server processes on it. */
export async function createTestDatabase(server: string): Promise<TestDatabase> {
  await postgresqlTemplate(server)
  return createDatabase(server, ` template ${await postgresqlTemplateName()}`)
}

/** A database without tables, for tests in which another version of the program creates them. */
export function createEmptyDatabase(server: string): Promise<TestDatabase> {
  return createDatabase(server, '')
}

async function createDatabase(server: string, options: string): Promise<TestDatabase> {
  const name = `${testDatabasePrefix()}${randomBytes(6).toString('hex')}`
  await runOn(server, `create database ${name}${options}`)
  return {
    url: urlOf(server, name),
    async drop() {
      await runOn(server, `drop database if exists ${name} with (force)`)
    },
  }
}

/**
 * A migrated database on the server, created once for each set of migrations. It is created under a temporary name, so
 * that a concurrent test file never copies a half-migrated one. Nobody connects to it afterwards, because a database
 * cannot be copied while there are connections to it.
 */
async function postgresqlTemplate(server: string): Promise<void> {
  const name = await postgresqlTemplateName()
  if (await databaseExists(server, name)) return
  const draft = `stagewatch_test_${randomBytes(6).toString('hex')}`
  await runOn(server, `create database ${draft}`)
  try {
    await migratePostgresql(urlOf(server, draft))
    await runOn(server, `alter database ${draft} rename to ${name}`)
  } catch (error) {
    await runOn(server, `drop database if exists ${draft} with (force)`)
    // Another test file was faster.
    if (!(await databaseExists(server, name))) throw error
  }
}

async function postgresqlTemplateName(): Promise<string> {
  return `stagewatch_template_${await migrationsHash()}`
}

async function databaseExists(server: string, name: string): Promise<boolean> {
  const rows = await runOn(server, `select from pg_database where datname = '${name}'`)
  return rows.length > 0
}

function urlOf(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

/** PostgreSQL writes to all of its buffers at startup. The usual 128 MB of them take longer than everything else. */
const templateSettings = ["shared_buffers = '8MB'", "wal_buffers = '64kB'", 'max_connections = 5']

/**
 * The file of a migrated embedded database, created once for each set of migrations: initializing one takes seconds,
 * copying it takes a fraction of that.
 */
export async function embeddedTemplate(): Promise<string> {
  const file = join(tmpdir(), `stagewatch-template-${await migrationsHash()}.tar`)
  if (existsSync(file)) return file
  const { pglite } = await openEmbedded()
  await migrateEmbedded(pglite)
  for (const setting of templateSettings) await pglite.exec(`alter system set ${setting}`)
  // Everything written since the last checkpoint would be written again whenever a copy is opened.
  await pglite.exec('checkpoint')
  const dump = await pglite.dumpDataDir('none')
  await pglite.close()
  // Created under a temporary name, because test files start concurrently. An existing file may be in use, and is not
  // replaced.
  const draft = `${file}.${randomBytes(4).toString('hex')}`
  await writeFile(draft, dump.stream())
  await link(draft, file).catch((error: unknown) => {
    if (!existsSync(file)) throw error
  })
  await unlink(draft)
  return file
}

async function migrationsHash(): Promise<string> {
  const names = (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql')).toSorted()
  const texts = await Promise.all(names.map((name) => readFile(join(migrationsFolder, name), 'utf8')))
  const { version } = await readManifest()
  return hash('sha256', JSON.stringify([version, templateSettings, texts]), 'hex').slice(0, 16)
}

/** The files are only guaranteed to be readable by the same version of the engine. */
async function readManifest(): Promise<{ version: string }> {
  const entry = fileURLToPath(import.meta.resolve('@electric-sql/pglite'))
  return JSON.parse(await readFile(join(entry, '../../package.json'), 'utf8')) as { version: string }
}
