import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'
import { lockDataDirectory } from '../data-directory-lock.ts'
import { databaseFolder, makeDataDirectory, restrictToOwner } from '../data-directory.ts'
import { startEngine } from '../embedded.ts'
import { migrateEmbedded, migratePostgresql, writableUrl } from '../migrate.ts'
import { postgresqlHosts } from '../postgresql-hosts.ts'
import { UnusableDatabaseError } from '../unusable-database.ts'
import type { DumpedSequence } from './dump-tables.ts'
import { csvFormat, csvSettings } from './snapshot.ts'

/** An empty database that is being filled in one transaction. */
export interface LoadTarget {
  query<Row>(text: string): Promise<Row[]>
  /** Adds rows; `csv` starts with a header that names the columns. */
  copyCsv(table: string, columns: readonly string[], csv: Uint8Array): Promise<void>
  setSequences(sequences: readonly DumpedSequence[]): Promise<void>
}

/** An empty database, with the tables of the version that the dump comes from. */
export interface LoadPlace {
  readonly databaseUrl?: string | undefined
  readonly dataDirectory: string
  /** Times of the migrations that had run where the dump was made, see `listMigrationTimes`. */
  readonly migrationTimes: readonly number[]
}

/**
 * Fills an empty database. Everything is loaded or nothing; constraints are checked at the end. Migrations that the
 * dump does not have run when the database is opened the next time.
 * @throws UnusableDatabaseError if the database is not empty, or the dump comes from a newer version.
 */
export async function loadDump(place: LoadPlace, load: (target: LoadTarget) => Promise<void>): Promise<void> {
  await (place.databaseUrl === undefined ? loadEmbedded(place, load) : loadPostgresql(place.databaseUrl, place, load))
}

async function loadPostgresql(
  url: string,
  { migrationTimes }: LoadPlace,
  load: (target: LoadTarget) => Promise<void>,
): Promise<void> {
  await migratePostgresql(url, migrationTimes)
  const sql = postgres(await writableUrl(postgresqlHosts(url)), { max: 1, onnotice: () => undefined })
  try {
    await sql.begin(async (tx) => {
      const query = async <Row>(text: string) => [...(await tx.unsafe(text))] as Row[]
      await tx.unsafe('set local statement_timeout = 0')
      await fill(query, load, async (statement, csv) => {
        const writable = await tx.unsafe(statement).writable()
        await new Promise<void>((resolve, reject) => {
          writable.once('error', reject)
          writable.once('finish', resolve)
          writable.end(csv)
        })
      })
    })
    await sql.unsafe('analyze')
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** Fills a database under another name, which gets its own when it is complete. */
async function loadEmbedded(
  { dataDirectory, migrationTimes }: LoadPlace,
  load: (target: LoadTarget) => Promise<void>,
): Promise<void> {
  await makeDataDirectory(dataDirectory)
  const lock = await lockDataDirectory(dataDirectory)
  try {
    const folder = join(dataDirectory, databaseFolder)
    if (existsSync(folder)) throw notEmpty(`DATA_DIR: ${dataDirectory}`)
    const partial = await mkdtemp(join(dataDirectory, `${databaseFolder}-loading-`))
    try {
      await fillFolder(partial, migrationTimes, load)
      await rename(partial, folder)
      await restrictToOwner(dataDirectory)
    } finally {
      await rm(partial, { recursive: true, force: true })
    }
  } finally {
    await lock.release()
  }
}

async function fillFolder(
  folder: string,
  migrationTimes: readonly number[],
  load: (target: LoadTarget) => Promise<void>,
): Promise<void> {
  const pglite = await startEngine({ dataDir: folder })
  try {
    await migrateEmbedded(pglite, migrationTimes)
    await pglite.transaction((tx) =>
      fill(
        async <Row>(text: string) => {
          const results = await tx.exec(text)
          return (results.at(-1)?.rows ?? []) as Row[]
        },
        load,
        async (statement, csv) => {
          const blob = new Blob([Uint8Array.from(csv)])
          await tx.query(statement.replace('from stdin', `from '/dev/blob'`), [], { blob })
        },
      ),
    )
    await pglite.exec('analyze; checkpoint')
  } finally {
    await closed(pglite)
  }
}

async function closed(pglite: PGlite): Promise<void> {
  if (!pglite.closed) await pglite.close()
}

interface ForeignKey {
  readonly table: string
  readonly name: string
  readonly definition: string
}

async function fill(
  query: LoadTarget['query'],
  load: (target: LoadTarget) => Promise<void>,
  copyIn: (statement: string, csv: Uint8Array) => Promise<void>,
): Promise<void> {
  const [used] = await query<{ count: number }>('select count(*)::int as count from sites')
  if ((used?.count ?? 0) > 0) throw notEmpty('the database')
  await query(csvSettings)
  const tables = await query<{ name: string }>(
    `select format('public.%I', relname) as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  )
  const keys = await query<ForeignKey>(
    `select conrelid::regclass::text as "table", conname as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
  )
  // Rows may arrive before those that they refer to, and nobody has to be notified of them.
  for (const { table, name } of keys) await query(`alter table ${table} drop constraint "${name}"`)
  for (const { name } of tables) await query(`alter table ${name} disable trigger user`)
  // Some migrations add rows of their own.
  await query(`truncate ${tables.map(({ name }) => name).join(', ')}`)
  await load({
    query,
    copyCsv: (table, columns, csv) => {
      const list = columns.map((column) => `"${column}"`).join(', ')
      return copyIn(`copy public."${table}" (${list}) from stdin (${csvFormat})`, csv)
    },
    async setSequences(sequences) {
      for (const { name, lastValue, isCalled } of sequences)
        await query(`select setval('public."${name}"', ${BigInt(lastValue)}, ${isCalled})`)
    },
  })
  await query('update log_consumers set tx = pg_current_xact_id()::text')
  for (const { name } of tables) await query(`alter table ${name} enable trigger user`)
  for (const { table, name, definition } of keys)
    await query(`alter table ${table} add constraint "${name}" ${definition}`)
}

function notEmpty(what: string): UnusableDatabaseError {
  return new UnusableDatabaseError(
    `${what} already contains data: choose an empty database or folder, or move the existing one away`,
  )
}
