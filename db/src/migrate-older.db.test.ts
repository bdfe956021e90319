import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openEmbedded } from './embedded.ts'
import type { EmbeddedDatabase } from './embedded.ts'
import { migrateEmbedded, migrationsFolder } from './migrate.ts'

interface Journal {
  readonly entries: readonly { readonly tag: string }[]
}

/** Creates the state of an installation that was last started before that migration existed. */
async function migrateBefore(database: EmbeddedDatabase, tag: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'stagewatch-migrations-'))
  try {
    await cp(migrationsFolder, folder, { recursive: true })
    const file = join(folder, 'meta/_journal.json')
    const journal = JSON.parse(await readFile(file, 'utf8')) as Journal
    const count = journal.entries.findIndex((entry) => entry.tag === tag)
    expect(count).toBeGreaterThan(0)
    await writeFile(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }))
    await migrate(drizzle(database.pglite), { migrationsFolder: folder })
  } finally {
    await rm(folder, { recursive: true })
  }
}

const pendingRebuilds = 'select code, rebuild_version as version from sites order by code'

let database: EmbeddedDatabase
let pendingAfterFacts: unknown
let beforeFailure: unknown
let afterFailure: { readonly error: unknown; readonly schema: unknown }

/** The columns of every table, and the migrations that have run. */
async function schema(): Promise<unknown> {
  return {
    columns: await database.query('select table_name, column_name from information_schema.columns order by 1, 2'),
    applied: await database.query('select hash from drizzle.__drizzle_migrations order by id'),
  }
}

beforeAll(async () => {
  database = await openEmbedded()
  await migrateBefore(database, '0012_facts_of_visits')
  await database.pglite.exec(`
    insert into users (id, name, email, email_verified, fictional) values
      ('invited', 'Invited', 'invited@example.com', true, false),
      ('provided', 'Provided', 'provided@example.com', true, false),
      ('both', 'Both', 'both@example.com', true, false),
      ('unverified', 'Unverified', 'unverified@example.com', false, false),
      ('sample', 'Sample', 'sample@example.com', true, true);
    insert into user_accounts (id, user_id, provider_id, account_id) values
      ('1', 'invited', 'credential', 'invited'), ('2', 'provided', 'oidc', 'sub-1'), ('3', 'both', 'credential', 'both'),
      ('4', 'both', 'oidc', 'sub-2'), ('5', 'unverified', 'oidc', 'sub-3'), ('6', 'sample', 'credential', 'sample');
    insert into user_sessions (id, user_id, token, expires_at, created_at) values
      ('s', 'invited', 'token', '2026-12-01T00:00:00Z', '2026-11-01T00:00:00Z');
    insert into sites (code, name_zh, name_en, time_zone, rules_version) values
      ('full', '满厂', 'Full', 'UTC', 7), ('empty', '', '', 'UTC', 7);
    insert into sources (site, source, name_zh, name_en, interval_ms) values ('full', 'wms', '仓库', 'Warehouse', 60000);
    insert into orders (site, order_id, process, status, event_count, facts, reopened_count, complaint_count)
      values ('full', 'SO-1', 'default', 'open', 1, '{"priority":"high"}', 0, 0);
    insert into memberships (site, user_id, role) values
      ('full', 'invited', 'viewer'), ('gone', 'invited', 'viewer'), ('full', 'nobody', 'viewer');
    insert into processes (site, code, definition) values ('full', 'kept', '{}'), ('gone', 'lost', '{}');
    insert into user_sessions (id, user_id, token, expires_at) values ('lost', 'nobody', 'lost', '2026-12-01')`)
  await migrateBefore(database, '0021_attributes_columns')
  await database.pglite.exec(`
    insert into visits (site, order_id, visit_index, stage, nth, entered_at, held_ms, cancelled, facts)
      values ('full', 'SO-1', 0, 'pick', 1, '2026-11-01T00:00:00Z', 0, false, '{"product":"P-1"}')`)
  pendingAfterFacts = await database.query(pendingRebuilds)
  // The server of that version has folded them.
  await database.pglite.exec('update sites set rebuild_version = null')
  // The last statement of one of the next migrations finds its name taken.
  await database.pglite.exec('create sequence customer_mails_at')
  beforeFailure = await schema()
  const error = await migrateEmbedded(database.pglite).catch((thrown: unknown) => thrown)
  afterFailure = { error, schema: await schema() }
  await database.pglite.exec('drop sequence customer_mails_at')
  await migrateEmbedded(database.pglite)
})
afterAll(() => database.close())

it('accounts of before count as verified only where the provider of the single sign-on has verified them', async () => {
  const verified = await database.query('select id from users where email_verified order by id')
  expect(verified).toEqual([{ id: 'both' }, { id: 'provided' }, { id: 'sample' }])
})

it('who was signed in before has proven who they are when they signed in, and not just now', async () => {
  const [session] = await database.query<{ at: string }>(
    `select to_char(authenticated_at at time zone 'UTC', 'YYYY-MM-DD') as at from user_sessions`,
  )
  expect(session).toEqual({ at: '2026-11-01' })
})

it('what was known of orders and visits of before is kept, also where reports read it', async () => {
  const orders = await database.query('select attributes from orders')
  expect(orders).toEqual([{ attributes: { priority: 'high' } }])
  const visits = await database.query('select attributes from visits')
  expect(visits).toEqual([{ attributes: { product: 'P-1' } }])
  expect(await database.query('select priority from bi.orders')).toEqual([{ priority: 'high' }])
  expect(await database.query('select product from bi.visits')).toEqual([{ product: 'P-1' }])
})

it('rows of sites and people that were gone are gone as well, and the others go with theirs', async () => {
  const members = 'select site, user_id as "userId" from memberships'
  expect(await database.query(members)).toEqual([{ site: 'full', userId: 'invited' }])
  expect(await database.query('select code from processes')).toEqual([{ code: 'kept' }])
  expect(await database.query(`select from user_sessions where id = 'lost'`)).toEqual([])
  const undone = database.transaction(async (tx) => {
    await tx.query(`delete from orders`)
    await tx.query(`delete from sites where code = 'full'`)
    expect(await tx.query(members)).toEqual([])
    expect(await tx.query('select from processes')).toEqual([])
    throw new Error('on purpose')
  })
  await expect(undone).rejects.toThrow('on purpose')
})

it('orders of before are to be folded again, where there are any, after each version that folds otherwise', async () => {
  const pending = [
    { code: 'empty', version: null },
    { code: 'full', version: 7 },
  ]
  expect(pendingAfterFacts).toEqual(pending)
  expect(await database.query(pendingRebuilds)).toEqual(pending)
})

it('names in two columns become names by language', async () => {
  expect(await database.query('select code, name from sites order by code')).toEqual([
    { code: 'empty', name: { zh: '', en: '' } },
    { code: 'full', name: { zh: '满厂', en: 'Full' } },
  ])
  const [source] = await database.query('select name, interval_ms::int as "intervalMs" from sources')
  expect(source).toEqual({ name: { zh: '仓库', en: 'Warehouse' }, intervalMs: 60_000 })
})

it('a migration that fails half way leaves nothing behind, and is complete when it is run again', async () => {
  expect(afterFailure.schema).toEqual(beforeFailure)
  expect(afterFailure.error).toMatchObject({ cause: { message: 'relation "customer_mails_at" already exists' } })
  expect(await schema()).not.toEqual(beforeFailure)
  expect(await migrateEmbedded(database.pglite)).toEqual([])
})
