import { afterEach, describe, expect, it } from 'vitest'
import type { Database } from './database.ts'
import { RecycledDatabases } from './recycled-databases.ts'
import { embeddedTemplate } from './test-database.ts'
import { databaseContents, fill } from './testing/database-contents.ts'

const databases = new RecycledDatabases(embeddedTemplate)
const fresh = (): Promise<Database> => new RecycledDatabases(embeddedTemplate).open()
let database: Database

afterEach(() => database.close())

describe('a database that a test has used', () => {
  it('equals a new one: rows, sequences, definitions and settings', async () => {
    database = await fresh()
    const expected = await databaseContents(database)
    expect(Object.keys(expected.rows).length).toBeGreaterThan(30)
    expect(expected.rows['reader_seals']).toHaveLength(1)
    await database.close()

    const used = await databases.open()
    const engine = await engineOf(used)
    await fill(used)
    await used.close()

    const usedAgain = await databases.open()
    await fill(usedAgain)
    expect((await databaseContents(usedAgain))['sequences']).not.toEqual(expected['sequences'])
    await usedAgain.close()

    database = await databases.open()
    expect(await engineOf(database)).toBe(engine)
    expect(await databaseContents(database)).toEqual(expected)
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

  it('cannot be reached by work that the previous test left running', async () => {
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

/** Identifies a running engine by the instant of its start. */
async function engineOf(one: Database): Promise<string> {
  const [row] = await one.query<{ startedAt: string }>('select pg_postmaster_start_time()::text as "startedAt"')
  return row?.startedAt ?? ''
}
