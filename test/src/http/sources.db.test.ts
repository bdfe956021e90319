import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { quarantineCauses, quarantineList } from '@stagewatch/shared/contract/quarantine.ts'
import { sourceList } from '@stagewatch/shared/contract/sources.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from './call.ts'

const minuteMs = 60_000
const clock = new VirtualClock(Date.UTC(2026, 10, 24, 16, 30))

let server: StartedServer
let ingest: string
let admin: string
let reader: string

beforeAll(async () => {
  server = await startServer({ clock })
  ingest = await server.createKey(['ingest'])
  admin = await server.createKey(['admin'])
  reader = await server.createKey(['read'])
  const stages = [{ code: 'pick', name: { zh: '拣货', en: 'Picking' }, warnAtRatio: 0.8, toleranceRatio: 0.1 }]
  const body = { code: 'default', name: { zh: '订单', en: 'Orders' }, acceptsNewStages: false, goals: {}, stages }
  const saved = await call(`${server.url}/api/v1/admin/processes/default`, { key: admin, method: 'PUT', body })
  expect(saved.status).toBe(200)
})
afterAll(() => server.close())

function event(id: string, more: Readonly<Record<string, unknown>> = {}) {
  const occurredAt = new Date(clock.now() - 2 * minuteMs).toISOString()
  return { source: 'wms', id, order: `SO-${id}`, type: 'stage.entered', stage: 'pick', occurredAt, ...more }
}

const send = (events: readonly unknown[]) => call(`${server.url}/api/v1/events`, { key: ingest, body: events })

/** Writes the source statistics, as the server does every few seconds, and lists the sources. */
async function list() {
  const pipeline = await server.server.sites.get('main')
  await pipeline.sources.save()
  return sourceList.parse((await call(`${server.url}/api/v1/sources`, { key: admin })).body)
}

async function wms() {
  const { sources } = await list()
  const found = sources.find(({ source }) => source === 'wms')
  if (found === undefined) throw new Error('the source is not there')
  return found
}

const describeSource = (source: string, body: unknown, version?: string) =>
  call(`${server.url}/api/v1/sources/${source}`, {
    key: admin,
    method: 'PUT',
    body,
    ...(version !== undefined && { headers: { 'if-match': version } }),
  })

describe('the sources of a site', () => {
  it('are listed with their accepted, duplicate and rejected events', async () => {
    await send([event('1'), event('2'), event('3', { stage: 'nowhere' })])
    await send([event('1')])
    expect(await wms()).toMatchObject({
      late: false,
      lastReceivedAt: clock.now(),
      lastDay: { accepted: 2, duplicate: 1, rejected: 1 },
      lag: { halfWithinMs: 5 * minuteMs, mostWithinMs: 5 * minuteMs },
    })
    // New counts are added to the stored ones.
    await send([event('4')])
    expect((await wms()).lastDay.accepted).toBe(3)
    expect((await wms()).hourly.at(-1)).toBe(5)
  })

  it('get a name and an interval, and are late after three times as long', async () => {
    const { version } = await wms()
    const named = { name: { zh: '仓库', en: 'Warehouse' }, intervalMs: 10 * minuteMs }
    expect((await describeSource('wms', named, version)).status).toBe(200)
    expect(await wms()).toMatchObject({ ...named, late: false })
    clock.advanceTo(clock.now() + 31 * minuteMs)
    expect(await wms()).toMatchObject({ late: true })
    const { body } = await call(`${server.url}/api/v1/admin/changes?limit=1`, { key: admin })
    expect(body).toMatchObject({ changes: [{ action: 'source.changed', subject: 'wms', after: named }] })
    // The events of an order show the source by that name.
    const order = await call(`${server.url}/api/v1/orders/SO-1`, { key: reader })
    expect(order.body).toMatchObject({ sourceNames: { wms: named.name }, events: [{ source: 'wms' }] })
  })

  it('are not overwritten with an outdated version', async () => {
    const { version } = await wms()
    expect((await describeSource('wms', { name: { en: 'First' } }, version)).status).toBe(200)
    const second = await describeSource('wms', { name: { en: 'Second' } }, version)
    expect([second.status, second.body]).toMatchObject([409, { conflict: { current: { name: { en: 'First' } } } }])
    // A source without an interval is never late.
    expect(await wms()).toMatchObject({ late: false })
    expect((await wms()).intervalMs).toBeUndefined()
  })

  it.each([
    ['no-such-source', { name: { en: 'A' } }, 404, 'source'],
    ['wms', { name: {} }, 400, 'name'],
    ['wms', { name: { en: 'A' }, intervalMs: 5 }, 400, 'intervalMs'],
  ])('%s as %j is refused', async (source, body, status, field) => {
    const refused = await describeSource(source, body, '*')
    expect(refused.status).toBe(status)
    expect(refused.body).toMatchObject({ details: [{ field }] })
  })
})

describe('rejected events', () => {
  it('are grouped and listed by their cause', async () => {
    await send([
      event('7', { stage: 'nowhere' }),
      { ...event('8'), order: undefined },
      { ...event('9'), order: undefined },
    ])
    const { total, causes } = quarantineCauses.parse(
      (await call(`${server.url}/api/v1/quarantine/causes`, { key: admin })).body,
    )
    expect(total).toBe(4)
    expect(
      causes.map(({ code, field, count }) => `${code} ${field} ${count}`).toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual(['missing_field order 2', 'unknown_stage stage 2'])
    expect(causes[0]).toMatchObject({ lastReceivedAt: expect.any(Number), senders: [expect.any(String)] })
    const page = quarantineList.parse(
      (await call(`${server.url}/api/v1/quarantine?code=missing_field&field=order&limit=1`, { key: admin })).body,
    )
    expect(page.events.map(({ raw }) => JSON.parse(raw) as unknown)).toEqual([expect.objectContaining({ id: '9' })])
    const none = await call(`${server.url}/api/v1/quarantine?code=missing_field&field=`, { key: admin })
    expect(none.body).toMatchObject({ events: [] })
  })

  it('are dismissed by cause, and the others stay', async () => {
    const body = { all: true, code: 'missing_field', field: 'order' }
    const dismissed = await call(`${server.url}/api/v1/quarantine/dismiss`, { key: admin, body })
    expect(dismissed.body).toEqual({ dismissed: 2 })
    const left = await call(`${server.url}/api/v1/quarantine/causes`, { key: admin })
    expect(left.body).toMatchObject({ total: 2, causes: [{ code: 'unknown_stage', count: 2 }] })
  })
})
