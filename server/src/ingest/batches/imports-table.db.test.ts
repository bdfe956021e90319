import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { endImport, insertImport, loadLostImports } from './imports-table.ts'

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
