import type { Database } from '@stagewatch/db/database.ts'
import { newestMigration } from '@stagewatch/db/installed-versions.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
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

it('a rebuild that takes long renews its claim every ten seconds, and cannot be claimed meanwhile', async () => {
  await database.query(`insert into sites (code, name, time_zone, rules_version, rebuild_version)
    values ('long', '{}', 'UTC', 3, 3)`)
  const clock = new VirtualClock(0)
  const failed = (error: unknown): never => {
    throw error
  }
  const pending = new PendingRebuild({ database, site: 'long', clock, origin: 'one', failed })
  const isClaimed = async (): Promise<boolean> => {
    const [row] = await database.query<{ claimed: boolean }>(
      `select rebuild_until > now() as claimed from sites where code = 'long'`,
    )
    return row?.claimed ?? false
  }
  const [begun, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const rebuilt = pending.during(() => {
    begun.resolve()
    return done.promise
  })
  await begun.promise
  expect(await isClaimed()).toBe(true)
  expect(await pending.claim()).toBe(false)
  await database.query(`update sites set rebuild_until = null where code = 'long'`)
  clock.advanceTo(9_999)
  expect(await isClaimed()).toBe(false)
  clock.advanceTo(10_000)
  await vi.waitFor(async () => expect(await isClaimed()).toBe(true))
  done.resolve()
  await rebuilt
  expect(await pending.claim()).toBe(true)
})
