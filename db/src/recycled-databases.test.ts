import { afterEach, describe, expect, it } from 'vitest'
import type { Database } from './database.ts'
import { RecycledDatabases } from './recycled-databases.ts'
import { embeddedTemplate } from './test-database.ts'

const databases = new RecycledDatabases(embeddedTemplate)
const fresh = (): Promise<Database> => new RecycledDatabases(embeddedTemplate).open()
let database: Database

afterEach(() => database.close())

describe('a database that a test has used', () => {
  it('equals a new one: rows, sequences, definitions and settings', async () => {
    database = await fresh()
    const expected = await everythingIn(database)
    expect(Object.keys(expected.rows).length).toBeGreaterThan(30)
    expect(expected.rows['reader_seals']).toHaveLength(1)
    await database.close()

    const used = await databases.open()
    const engine = await engineOf(used)
    await fill(used)
    await used.close()

    const usedAgain = await databases.open()
    await fill(usedAgain)
    expect((await everythingIn(usedAgain))['sequences']).not.toEqual(expected['sequences'])
    await usedAgain.close()

    database = await databases.open()
    expect(await engineOf(database)).toBe(engine)
    expect(await everythingIn(database)).toEqual(expected)
  })

  it('has neither locks, statements, settings nor listeners of the test before', async () => {
    const used = await databases.open()
    const engine = await engineOf(used)
    const heard: string[] = []
    await used.listen('news', (payload) => void heard.push(payload))
    await used.query('select pg_advisory_lock(1)')
    await used.query('prepare one as select 1')
    await used.query(`set work_mem = '3MB'`)
    await used.query('set role stagewatch_reader')
    await used.close()

    database = await databases.open()
    expect(await engineOf(database)).toBe(engine)
    const [left] = await database.query(`select
      (select count(*)::int from pg_locks where locktype = 'advisory') as locks,
      (select count(*)::int from pg_prepared_statements where name = 'one') as statements,
      (select count(*)::int from pg_listening_channels()) as channels,
      current_setting('work_mem') as "workMem",
      current_user = session_user as "isOwner"`)
    expect(left).toEqual({ locks: 0, statements: 0, channels: 0, workMem: '4MB', isOwner: true })
    const ours: string[] = []
    await database.listen('news', (payload) => void ours.push(payload))
    await database.query(`notify news, 'ours'`)
    await expect.poll(() => ours).toEqual(['ours'])
    expect(heard).toEqual([])
  })

  it('is out of reach for what the test before has left running', async () => {
    const used = await databases.open()
    await used.close()
    await used.close()
    database = await databases.open()
    await expect(used.query('delete from reader_seals')).rejects.toThrow('closed')
    await expect(used.transaction((tx) => tx.query('delete from reader_seals'))).rejects.toThrow('closed')
    await expect(used.longRunning.query('delete from reader_seals')).rejects.toThrow('closed')
    expect(await database.query('select from reader_seals')).toHaveLength(1)
  })
})

describe.for([
  ['a table more', 'create table more (id int)'],
  ['another function', 'create or replace function stagewatch_in_scope(department text) returns boolean return true'],
  ['a right more', 'grant select on users to stagewatch_reader'],
  ['a trigger switched off', 'alter table user_sessions disable trigger all'],
  ['a lasting setting', `alter role stagewatch_reader set work_mem = '1MB'`],
] as const)('a database with %s', ([, statement]) => {
  it('is not passed on', async () => {
    const used = await databases.open()
    const engine = await engineOf(used)
    await used.query(statement)
    await used.close()
    database = await databases.open()
    expect(await engineOf(database)).not.toBe(engine)
  })
})

/** What tells one running engine from another: the instant of its start. */
async function engineOf(one: Database): Promise<string> {
  const [row] = await one.query<{ startedAt: string }>('select pg_postmaster_start_time()::text as "startedAt"')
  return row?.startedAt ?? ''
}

async function fill(one: Database): Promise<void> {
  await one.query(`insert into sites (code, name, time_zone, sample) values ('a', '{}', 'UTC', false)`)
  await one.query(`insert into quarantine (site, sender, code, message, raw)
    select 'a', 'test', 'invalid_field', 'not read', n::text from generate_series(1, 99) n`)
  await one.query(`insert into events (site, source, id, origin, type, order_id, occurred_at, data, content_hash)
    values ('a', 'erp', '1', 'test', 'order.placed', 'SO-1', now(), '{}', '')`)
  await one.query('analyze')
  await one.query('delete from events')
  await one.query(`select nextval('events_position_seq'), setval('jobs_id_seq', 70)`)
  await one.query(`update reader_seals set secret = 'other'`)
  await one.query('delete from drizzle.__drizzle_migrations')
  await one.query('do $$ begin perform 1; end $$')
  await one.query('create temporary table passing (id int)')
}

async function everythingIn(one: Database): Promise<{ rows: Record<string, unknown[]>; [part: string]: unknown }> {
  const tables = await one.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class where relkind = 'r' and oid >= 16384 order by 1`,
  )
  const rows: Record<string, unknown[]> = {}
  for (const { name } of tables) rows[name] = await one.query(`select r::text from ${name} r order by 1`)
  return {
    rows,
    sizes: await one.query(`select oid::regclass::text, pg_relation_size(oid) as size,
      case relkind when 'r' then reltuples end as rows from pg_class where relkind in ('r', 'i') and oid >= 16384 order by 1`),
    sequences: await one.query(`select c.oid::regclass::text, pg_sequence_last_value(c.oid)::text, s.*
      from pg_class c join pg_sequence s on seqrelid = c.oid order by 1`),
    columns: await one.query(`select attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull,
      attacl::text from pg_attribute where attrelid >= 16384 order by 1, attnum`),
    constraints: await one.query(`select conname, conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint
      where oid >= 16384 order by 1, 2`),
    indexes: await one.query(`select pg_get_indexdef(indexrelid) from pg_index where indexrelid >= 16384 order by 1`),
    functions: await one.query(`select pg_get_functiondef(oid) from pg_proc where oid >= 16384 order by 1`),
    policies: await one.query('select p::text from pg_policies p order by 1'),
    rights: await one.query(`select oid::regclass::text, relacl::text, relrowsecurity from pg_class
      where oid >= 16384 and relkind <> 't' order by 1`),
    roles: await one.query('select r::text from pg_roles r order by 1'),
    settings: await one.query(`select name, setting, source from pg_settings
      where name not like '%.%' order by 1`),
    statistics: await one.query('select count(*)::int from pg_statistic where starelid >= 16384'),
  }
}
