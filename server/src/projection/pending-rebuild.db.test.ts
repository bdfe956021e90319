import type { Database } from '@stagewatch/db/database.ts'
import { newestMigration } from '@stagewatch/db/installed-versions.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { PendingRebuild } from './pending-rebuild.ts'

let database: Database
beforeAll(async () => (database = await openTestDatabase()))
afterAll(() => database.close())

it('a rebuild is done by one instance, and not by one that is older than the tables unless there can be no other', async () => {
  await database.query(`insert into sites (code, name, time_zone, rules_version, rebuild_version)
    values ('full', '{}', 'UTC', 3, 3)`)
  const claimOf = (origin: string) => {
    const failed = (error: unknown): never => {
      throw error
    }
    return new PendingRebuild({ database, site: 'full', clock: new VirtualClock(0), origin, failed }).claim()
  }
  const isAlone = database.kind === 'embedded'
  await database.query(`insert into installed_versions values ('9.1.0', now(), ${newestMigration + 1}, 0)`)
  expect(await claimOf('one')).toBe(isAlone)
  await database.query(`delete from installed_versions where version = '9.1.0'`)
  expect(await claimOf('one')).toBe(true)
  expect(await claimOf('two')).toBe(isAlone)
})
