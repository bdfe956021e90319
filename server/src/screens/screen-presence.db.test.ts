import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { screenSettings } from '@stagewatch/shared/contract/screen.ts'
import type { ScreenReport } from '@stagewatch/shared/contract/screen.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ScreenPresence } from './screen-presence.ts'
import { insertScreen, loadScreens } from './screens-table.ts'

const hall = { site: 'main', id: 's1' }
const gate = { site: 'main', id: 's2' }
const report: ScreenReport = { build: 'wall-1.js', width: 1_920, height: 1_080, dataAgeMs: 0, reconnects: 0 }
const chromium = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36'
/** Long ago by the clock of the database. */
const now = Date.UTC(2020, 4, 4)
let database: Database
let presence: ScreenPresence

beforeAll(async () => {
  database = await openTestDatabase()
  await database.query(`insert into sites (code, name, time_zone) values ('main', '{}', 'UTC')`)
})
afterAll(() => database.close())
beforeEach(async () => {
  presence = new ScreenPresence()
  await database.query('delete from screens')
  const counts = { version: 0, identifyCount: 0, reloadCount: 0 }
  const common = { settings: screenSettings.parse({}), approvedBy: 'ada', pairedAt: now, ...counts }
  for (const key of [hall, gate]) await insertScreen(database, { ...key, name: key.id, ...common })
})

async function stored({ id }: typeof hall) {
  const screen = (await loadScreens(database, 'main')).find((each) => each.id === id)
  if (screen === undefined) throw new Error('there is no such screen')
  const { lastSeenAt, address, report: last } = screen
  return { lastSeenAt, address, report: last }
}
const seenAt = async (key: typeof hall) => (await stored(key)).lastSeenAt

describe('the last contact of a screen', () => {
  it('is stored at the first write after it connects, and then once a minute for as long as it is connected', async () => {
    presence.join(hall, '10.0.0.1', now)
    await presence.write(database, now + 500)
    expect(await stored(hall)).toEqual({ lastSeenAt: now + 500, address: '10.0.0.1', report: undefined })
    expect(await stored(gate)).toEqual({ lastSeenAt: undefined, address: undefined, report: undefined })
    await presence.write(database, now + 60_499)
    expect(await seenAt(hall)).toBe(now + 500)
    await presence.write(database, now + 60_500)
    expect(await seenAt(hall)).toBe(now + 60_500)
    await presence.write(database, now + 120_499)
    expect(await seenAt(hall)).toBe(now + 60_500)
  })

  it('is stored at once when it connects a second time, from where it is then', async () => {
    presence.join(hall, '10.0.0.1', now)
    await presence.write(database, now)
    presence.join(hall, '10.0.0.2', now + 1_000)
    await presence.write(database, now + 2_000)
    expect(await stored(hall)).toMatchObject({ lastSeenAt: now + 2_000, address: '10.0.0.2' })
  })

  it('is when its last connection ended, which is stored once', async () => {
    const leave = presence.join(hall, '10.0.0.1', now)
    presence.join(gate, '10.0.0.3', now)
    await presence.write(database, now)
    leave(now + 10_000)
    await presence.write(database, now + 12_000)
    expect(await seenAt(hall)).toBe(now + 10_000)
    expect(await seenAt(gate)).toBe(now)
    // Another server instance writes from now on.
    await database.query(`update screens set address = '10.0.0.9'`)
    await presence.write(database, now + 14_000)
    expect(await stored(hall)).toMatchObject({ address: '10.0.0.9' })
    expect(presence.lastSeen(hall, now + 14_000)).toEqual({ online: false })
  })

  it('is not forgotten when the screen comes back while it is being stored', async () => {
    const leave = presence.join(hall, '10.0.0.1', now)
    leave(now + 1_000)
    const written = presence.write(database, now + 2_000)
    presence.join(hall, '10.0.0.2', now + 2_000)
    await written
    expect(presence.lastSeen(hall, now + 500_000)).toMatchObject({ online: true, address: '10.0.0.2' })
  })

  it('is not moved back by another server instance that is late', async () => {
    presence.join(hall, '10.0.0.1', now)
    const other = new ScreenPresence()
    const leave = other.join(hall, '10.0.0.2', now)
    leave(now + 1_000)
    await presence.write(database, now + 5_000)
    await other.write(database, now + 6_000)
    expect(await seenAt(hall)).toBe(now + 5_000)
  })

  it('is corrected when the clock was ahead, then or now', async () => {
    await database.query(`update screens set last_seen_at = now() + interval '2 hours'`)
    presence.join(hall, '10.0.0.1', now)
    await presence.write(database, now)
    expect(await seenAt(hall)).toBe(now)
    await presence.write(database, now - 59_999)
    expect(await seenAt(hall)).toBe(now)
    await database.query(`update screens set last_seen_at = null`)
    // The clock was set back by a minute.
    await presence.write(database, now - 60_000)
    expect(await seenAt(hall)).toBe(now - 60_000)
  })
})

it('what a connection does not say about a screen stays as it was stored', async () => {
  const browser = async () => (await database.query(`select browser from screens where id = 's1'`))[0]
  const leave = presence.join(hall, '10.0.0.1', now, chromium)
  presence.report(hall, report, now)
  await presence.write(database, now)
  expect([await stored(hall), await browser()]).toMatchObject([{ report }, { browser: 'Chromium 120' }])
  leave(now)
  await presence.write(database, now)
  presence.join(hall, '10.0.0.1', now + 1_000)
  await presence.write(database, now + 1_000)
  expect([await stored(hall), await browser()]).toMatchObject([{ report }, { browser: 'Chromium 120' }])
})
