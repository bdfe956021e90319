import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { board } from '@stagewatch/shared/contract/board.ts'
import { changeList } from '@stagewatch/shared/contract/changes.ts'
import { ownSite } from '@stagewatch/shared/contract/sites.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { sendEvents } from '../harness/send-events.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { join, openScreen } from '../live/screen.ts'
import { call } from './call.ts'
import { expectProblem } from './expect-problem.ts'
import { someEvent } from './some-event.ts'

/** 02:00 in Shanghai, and the previous day in Berlin. */
const now = Date.parse('2026-11-22T02:00:00+08:00')
const site = 'east'
let database: Database
let a: StartedServer
let b: StartedServer
let key: string
let clock: VirtualClock

beforeAll(async () => {
  database = await openTestDatabase()
  clock = new VirtualClock(now)
  a = await startServer({ clock, database })
  const east = { code: site, name: { zh: '东厂', en: 'East' }, timeZone: 'Asia/Shanghai', sample: false }
  await a.server.sites.getOrCreate(site, () => east)
  key = await a.createKey(['admin', 'ingest', 'read'], site)
  await sendEvents(a.url, key, [someEvent({ order: 'SO-1', occurredAt: '2026-11-22T01:00:00+08:00' })])
  b = await startServer({ clock, database })
})
afterAll(async () => {
  await a.close()
  await b.close()
  await database.close()
})

async function settings(): Promise<ReturnType<typeof ownSite.parse>> {
  return ownSite.parse((await call(`${a.url}/api/v1/site`, { key })).body)
}

function change(timeZone: string, version: string) {
  return call(`${a.url}/api/v1/site`, { key, method: 'PUT', body: { timeZone }, headers: { 'if-match': version } })
}

async function shown({ url }: StartedServer) {
  const { site: of, kpis } = board.parse((await call(`${url}/api/v1/board`, { key })).body)
  return { timeZone: of.timeZone, arrived: kpis.open.count }
}

describe('the time zone of a site', () => {
  it('is changed with its version, stays on record, and counts on the boards of every server instance', async () => {
    const { version, timeZone } = await settings()
    expect(timeZone).toBe('Asia/Shanghai')
    expect([await shown(a), await shown(b)]).toEqual([
      { timeZone: 'Asia/Shanghai', arrived: 1 },
      { timeZone: 'Asia/Shanghai', arrived: 1 },
    ])
    const screen = await openScreen(b.url, { token: key })
    expect(await join(screen)).toMatchObject({ ok: true, snapshot: { site: { timeZone: 'Asia/Shanghai' } } })
    const left = new Promise((resolve) => screen.on('disconnect', resolve))
    expect(await change('Europe/Berlin', version)).toMatchObject({ status: 200, body: { timeZone: 'Europe/Berlin' } })
    expect(await shown(a)).toEqual({ timeZone: 'Europe/Berlin', arrived: 1 })
    await eventually(async () => expect(await shown(b)).toEqual({ timeZone: 'Europe/Berlin', arrived: 1 }))
    await left
    screen.close()
    const again = await openScreen(b.url, { token: key })
    expect(await join(again)).toMatchObject({ ok: true, snapshot: { site: { timeZone: 'Europe/Berlin' } } })
    again.close()
    const { body } = await call(`${a.url}/api/v1/admin/changes?limit=1`, { key })
    expect(changeList.parse(body).changes).toMatchObject([
      { action: 'site.changed', before: { timeZone: 'Asia/Shanghai' }, after: { timeZone: 'Europe/Berlin' } },
    ])
    // Events are still accepted and shown.
    const event = someEvent({ id: 'e2', order: 'SO-2', occurredAt: '2026-11-22T01:30:00+08:00' })
    expect(await sendEvents(a.url, key, [event])).toMatchObject({ accepted: 1 })
    // Deltas of a board are throttled.
    clock.advanceTo(now + 1_000)
    expect(await shown(a)).toMatchObject({ arrived: 2 })
  })

  it('is not changed over what somebody else has changed, nor to one that there is not', async () => {
    expectProblem(await change('Asia/Tokyo', 'an older version'), 409, 'conflict')
    expectProblem(await change('Mars/Olympus', '*'), 400, 'invalid_field')
    expect((await settings()).timeZone).toBe('Europe/Berlin')
  })
})
