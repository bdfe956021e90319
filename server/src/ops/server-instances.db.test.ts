import type { Database } from '@stagewatch/db/database.ts'
import { newestMigration } from '@stagewatch/db/installed-versions.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { ServerInstances, lastUpgrade } from './server-instances.ts'

let database: Database
/** Time of migration 0042; the next one requires orders to be folded again. */
const beforeRefold = 1_795_797_474_761
const newest = { version: '9.1.0', newestMigration }

beforeAll(async () => (database = await openTestDatabase()))
beforeEach(async () => {
  for (const table of ['server_instances', 'orders', 'sites']) await database.query(`delete from ${table}`)
  await database.query(`update installed_versions set first_started_at = now() - interval '1 hour'`)
  await database.query(`insert into sites (code, name, time_zone) values ('full', '{}', 'UTC'), ('empty', '{}', 'UTC')`)
  await database.query(`insert into orders (site, order_id, process, status, event_count, reopened_count, complaint_count, attributes)
    values ('full', 'SO-1', 'default', 'open', 1, 0, 0, '{}')`)
})
afterAll(() => database.close())

const versions = async (instances: ServerInstances) => (await instances.list()).map(({ version }) => version)
const rebuilds = () =>
  database.query(`select code from sites where rebuild_version is not null and rebuild_version = rules_version`)
const age = (id: string, seconds: number) =>
  database.query(`update server_instances set seen_at = seen_at - make_interval(secs => ${seconds}) where id = '${id}'`)

it('instances of all versions are listed while they report, and not after they ended', async () => {
  const older = new ServerInstances(database, 'older', { version: '9.0.0', newestMigration: beforeRefold })
  const newer = new ServerInstances(database, 'newer', newest)
  await older.report()
  await newer.report()
  expect(await versions(newer)).toEqual(['9.0.0', '9.1.0'])
  await age('newer', 60)
  expect(await versions(older)).toEqual(['9.0.0'])
  await newer.report()
  expect(await versions(older)).toEqual(['9.0.0', '9.1.0'])
  await older.end()
  expect(await versions(newer)).toEqual(['9.1.0'])
})

it('an instance that was last seen by a clock that was set back since is shown no longer than others', async () => {
  const newer = new ServerInstances(database, 'newer', newest)
  await new ServerInstances(database, 'older', { version: '9.0.0', newestMigration: beforeRefold }).report()
  await age('older', -400 * 86_400)
  await newer.report()
  expect(await versions(newer)).toEqual(['9.0.0', '9.1.0'])
  await age('older', 60)
  await newer.report()
  expect(await versions(newer)).toEqual(['9.1.0'])
})

it.each([
  ['has ended', (older: ServerInstances) => older.end()],
  ['has died', () => age('older', 300)],
])('orders are folded again when the last instance that folds them otherwise %s', async (_, leave) => {
  const older = new ServerInstances(database, 'older', { version: '9.0.0', newestMigration: beforeRefold })
  const newer = new ServerInstances(database, 'newer', newest)
  await older.report()
  await newer.report()
  expect(await rebuilds()).toEqual([])
  await leave(older)
  await newer.report()
  expect(await rebuilds()).toEqual([{ code: 'full' }])
  await database.query('update sites set rebuild_version = null')
  await newer.report()
  expect(await rebuilds()).toEqual([])
})

it('orders are not folded again after an instance that folds them the same way, or that ended before the upgrade', async () => {
  const same = new ServerInstances(database, 'same', { version: '9.0.0', newestMigration: newestMigration - 1 })
  const before = new ServerInstances(database, 'before', { version: '8.0.0', newestMigration: beforeRefold })
  const newer = new ServerInstances(database, 'newer', newest)
  await same.report()
  await before.report()
  await same.end()
  await before.end()
  await database.query(`update server_instances set stopped_at = now() - interval '2 hours' where id = 'before'`)
  await newer.report()
  expect(await database.query('select id from server_instances')).toEqual([{ id: 'newer' }])
  expect(await rebuilds()).toEqual([])
})

it('an instance of an older version leaves what has to be done after it to the newer one', async () => {
  await database.query(`insert into installed_versions values ('9.2.0', now(), ${newestMigration + 1}, 0)`)
  try {
    const ended = new ServerInstances(database, 'ended', { version: '9.0.0', newestMigration: beforeRefold })
    await ended.report()
    await ended.end()
    await new ServerInstances(database, 'older', newest).report()
    expect(await database.query('select id from server_instances order by id')).toEqual([
      { id: 'ended' },
      { id: 'older' },
    ])
    expect(await rebuilds()).toEqual([])
  } finally {
    await database.query(`delete from installed_versions where version = '9.2.0'`)
  }
})

it('the last upgrade is known where an earlier version has run on the database', async () => {
  expect(await lastUpgrade(database)).toBeUndefined()
  await database.query(`insert into installed_versions values ('0.0.9', now() - interval '2 days', 1, 0)`)
  try {
    expect(await lastUpgrade(database)).toMatchObject({ from: '0.0.9' })
  } finally {
    await database.query(`delete from installed_versions where version = '0.0.9'`)
  }
})
