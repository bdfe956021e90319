import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import journal from '../../migrations/meta/_journal.json' with { type: 'json' }
import { openEmbedded } from '../embedded.ts'
import { migrateEmbedded } from '../migrate.ts'
import { openDatabase } from '../open-database.ts'
import { listDumpedTables, listMigrationTimes, selectsOf } from './dump-tables.ts'
import { loadDump } from './load-dump.ts'

const olderCount = 33
let folder: string

beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'stagewatch-'))))
afterAll(() => rm(folder, { recursive: true }))

it('loads a dump of an older version, whose tables are then brought up to date', async () => {
  const older = await openEmbedded()
  await migrateEmbedded(
    older.pglite,
    journal.entries.slice(0, olderCount).map(({ when }) => when),
  )
  await older.query(`insert into sites (code, name, time_zone) values ('north', '{"zh":"北厂","en":"North"}', 'UTC')`)
  const dataDirectory = join(folder, 'older')
  await older.readSnapshot(async (snapshot) => {
    const tables = await listDumpedTables(snapshot)
    await loadDump({ dataDirectory, migrationTimes: await listMigrationTimes(snapshot) }, async (target) => {
      for (const table of tables)
        for (const select of selectsOf(table))
          await target.copyCsv(table.name, table.columns, await snapshot.copyCsv(select))
    })
  })
  await older.close()
  const { database, migrated } = await openDatabase({ dataDirectory })
  try {
    expect(migrated).toEqual(journal.entries.slice(olderCount).map(({ tag }) => tag))
    expect(await database.query('select code, name from sites')).toEqual([
      { code: 'north', name: { zh: '北厂', en: 'North' } },
    ])
  } finally {
    await database.close()
  }
})

it('refuses a dump of a newer version, and leaves nothing behind', async () => {
  const dataDirectory = join(folder, 'newer')
  const migrationTimes = [...journal.entries.map(({ when }) => when), Date.UTC(2100, 0)]
  await expect(loadDump({ dataDirectory, migrationTimes }, () => Promise.resolve())).rejects.toThrow(
    'the dump comes from a newer version of Stagewatch (1 of its',
  )
  expect(await readdir(dataDirectory)).toEqual(['stagewatch.mutex'])
})

it('leaves nothing behind when a constraint does not hold', async () => {
  const dataDirectory = join(folder, 'broken')
  const migrationTimes = journal.entries.map(({ when }) => when)
  const loaded = loadDump({ dataDirectory, migrationTimes }, (target) =>
    target.copyCsv(
      'memberships',
      ['user_id', 'site', 'role'],
      Buffer.from('user_id,site,role\nnobody,nowhere,viewer\n'),
    ),
  )
  await expect(loaded).rejects.toThrow(/foreign key/)
  expect(await readdir(dataDirectory)).toEqual(['stagewatch.mutex'])
})
