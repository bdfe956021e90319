import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { breakOffImport, endImport, holdImportsOpen, holdNotUndone, insertImport, keepImport } from './imports-table.ts'
import { loadImport, loadImportOfUpload, loadImports, loadImportsOf, loadLostImports } from './imports-table.ts'
import { loadUndoing, requestStop, saveUndo } from './imports-table.ts'

let database: Database
beforeAll(async () => (database = await openTestDatabase()))
afterAll(() => database.close())

it('an import is lost 15 s after its instance last reported, also when the clock of the database was set back since', async () => {
  await database.query(`insert into sites (code, name, time_zone) values ('main', '{}', 'UTC')`)
  const reader = { upload: null, instance: 'other' }
  const id = await insertImport(database, 'main', { file: 'a.csv', hash: 'a', options: {} }, 'ada', 0, reader)
  const lost = async () => (await loadLostImports(database, false)).map((each) => each.id)
  const pass = (time: string) => database.query(`update imports set alive_at = alive_at - $1::interval`, [time])
  expect(await lost()).toEqual([])
  await pass('-400 days')
  // Its instance may be alive, so it has the time to report again.
  expect(await lost()).toEqual([])
  await pass('16 s')
  expect(await lost()).toEqual([id])
})

it('after a large import the planner knows what was added, and after a small one it is not bothered', async () => {
  const id = await insertImport(database, 'main', { file: 'b.csv', hash: 'b', options: {} }, 'ada', 0)
  await database.query(`
    insert into orders (site, order_id, event_count, process, status, attributes, reopened_count, complaint_count)
    select 'main', 'SO-' || n, 1, 'default', 'open', '{}', 0, 0 from generate_series(1, 16) as n`)
  const end = (accepted: number) =>
    endImport(database, 'main', id, { rows: accepted, accepted, duplicate: 0, rejected: 0 }, 0)
  const knownSites = () =>
    database.query(`select n_distinct::int as count from pg_stats where tablename = 'orders' and attname = 'site'`)
  await end(9_999)
  expect(await knownSites()).toEqual([])
  await end(10_000)
  expect(await knownSites()).toEqual([{ count: 1 }])
})

const reader = { upload: 'u1', instance: 'here' }
const begin = (file: string, by: typeof reader | undefined = reader) =>
  insertImport(database, 'main', { file, hash: file, options: {} }, 'ada', 5, by)
const stored = async (id: number) => {
  const row = await loadImport(database, 'main', id)
  if (row === undefined) throw new Error('there is no such import')
  return row
}

it('an import that its reader left is ended with the events that the log has of it', async () => {
  const id = await begin('lost.csv')
  await keepImport(database, { site: 'main', id }, { rows: 1, accepted: 1, duplicate: 4, rejected: 3 })
  await database.query(
    `insert into events (site, origin, source, id, type, order_id, occurred_at, data, content_hash, import_id)
     select 'main', 'here', 'erp', n::text, 'note.added', 'A', now(), '{}', n::text, $1 from generate_series(1, 6) as n`,
    [id],
  )
  await breakOffImport(database, { site: 'main', id }, { brokenOff: 'gone' }, 77)
  const ended = { rows: 13, accepted: 6, duplicate: 4, rejected: 3, brokenOff: 'gone', endedAt: 77 }
  expect(await stored(id)).toMatchObject(ended)
  // It ends once.
  await breakOffImport(database, { site: 'main', id }, { brokenOff: 'again' }, 99)
  expect(await stored(id)).toMatchObject(ended)
  await breakOffImport(database, { site: 'main', id: 12_345 }, { brokenOff: 'unknown' }, 99)
})

it('an import is stopped while a server reads it, whose reader hears of it with its next report', async () => {
  const [read, sent] = [await begin('read.csv'), await begin('sent.csv', { upload: 'u2', instance: 'here' })]
  const ofCommand = await insertImport(database, 'main', { file: 'c.csv', hash: 'c', options: {} }, 'ada', 0)
  const keep = (id: number) => keepImport(database, { site: 'main', id }, {})
  expect([await keep(read), await keep(12_345)]).toEqual([false, true])
  expect(await requestStop(database, 'main', read)).toBe(true)
  expect([await keep(read), await keep(sent)]).toEqual([true, false])
  expect(await requestStop(database, 'main', ofCommand)).toBe(false)
  expect(await requestStop(database, 'east', sent)).toBe(false)
  await endImport(database, 'main', sent, { rows: 0, accepted: 0, duplicate: 0, rejected: 0 }, 9)
  expect(await requestStop(database, 'main', sent)).toBe(false)
})

it('events are added to imports that nobody undoes, and an undone one is not ended again', async () => {
  const [open, undoing, undone] = [await begin('1.csv'), await begin('2.csv'), await begin('3.csv')]
  await saveUndo(database, 'main', undoing, { undoStartedAt: 1 })
  await saveUndo(database, 'main', undone, { undoStartedAt: 1, undoEndedAt: 2 })
  const held = (...ids: number[]) => database.transaction((tx) => holdImportsOpen(tx, 'main', ids))
  expect(await Promise.all([held(), held(open), held(undoing), held(undone), held(open, undoing)])).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
  const isNotUndone = (...ids: number[]) => database.transaction((tx) => holdNotUndone(tx, 'main', ids))
  expect(await Promise.all([isNotUndone(open, undone), isNotUndone(open, undoing), isNotUndone()])).toEqual([
    true,
    false,
    true,
  ])
  expect(await loadUndoing(database, 'main')).toEqual([undoing])
  await endImport(database, 'main', undoing, { rows: 1, accepted: 1, duplicate: 0, rejected: 0 }, 9)
  expect(await stored(undoing)).toMatchObject({ endedAt: null, rows: 0 })
})

it('imports are found newest first, by their upload and by what was in their file', async () => {
  const ofFile = (file: string) => loadImportsOf(database, 'main', file).then((found) => found.map(({ id }) => id))
  const [first, second] = [await begin('same.csv'), await begin('same.csv')]
  expect(await ofFile('same.csv')).toEqual([second, first])
  expect((await loadImportOfUpload(database, 'main', 'u1'))?.id).toBe(second)
  expect(await loadImportOfUpload(database, 'main', 'u9')).toBeUndefined()
  const listed = (await loadImports(database, 'main')).map(({ id }) => id)
  expect(listed.slice(0, 2)).toEqual([second, first])
  expect(listed).toEqual(listed.toSorted((a, b) => b - a))
  await saveUndo(database, 'main', second, { undoStartedAt: 1 })
  expect(await ofFile('same.csv')).toEqual([first])
})
