import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Database } from './database.ts'
import { openTestDatabase } from './test-database.ts'
import { withStatistics } from './with-statistics.ts'

let database: Database
beforeAll(async () => {
  database = withStatistics(await openTestDatabase())
})
afterAll(() => database.close())

async function knownSites(): Promise<unknown[]> {
  return database.query(`select n_distinct::int as count from pg_stats where tablename = 'orders' and attname = 'site'`)
}

it('a database in use knows soon how many sites there are', async () => {
  const insert = `
    insert into orders (site, order_id, event_count, process, status, attributes, reopened_count, complaint_count)
    values ('main', $1, 1, 'default', 'open', '{}', 0, 0)`
  // Large imports use long-running transactions.
  const add = (order: number) =>
    (order % 2 === 0 ? database.longRunning : database).transaction((tx) => tx.query(insert, [`SO-${order}`]))
  for (let order = 1; order < 16; order++) await add(order)
  expect(await knownSites()).toEqual([])
  await add(16)
  expect(await knownSites()).toEqual([{ count: 1 }])
})
