import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from './call.ts'
import type { Reply } from './call.ts'
import { rowCounts } from './row-counts.ts'
import { someCloudEvent, someEvent } from './some-event.ts'

const now = Date.UTC(2026, 10, 22, 12)
let server: StartedServer
let key: string

beforeAll(async () => {
  server = await startServer({ clock: new VirtualClock(now) })
  key = await server.createKey(['ingest', 'read'])
})
afterAll(() => server.close())

function send(body: unknown, contentType = 'application/json'): Promise<Reply> {
  return call(`${server.url}/api/v1/events`, { key, body, headers: { 'content-type': contentType } })
}

const batch = 'application/cloudevents-batch+json'

describe('submitted events', () => {
  it.each([
    ['one event', () => someEvent(), 'application/json', 1],
    ['an array', () => [someEvent(), someEvent()], 'application/json', 2],
    ['an object with events', () => ({ events: [someEvent(), someEvent()] }), 'application/json; charset=utf-8', 2],
    ['one CloudEvent', () => someCloudEvent(), 'application/cloudevents+json', 1],
    ['a batch of CloudEvents', () => [someCloudEvent(), someCloudEvent()], batch, 2],
    ['an empty batch of CloudEvents', () => [], batch, 0],
    ['a body behind a byte order mark', () => `\uFEFF${JSON.stringify(someEvent())}`, 'application/json', 1],
  ])('are accepted as %s', async (_, body, contentType, count) => {
    const reply = await send(body(), contentType)
    expect(reply).toMatchObject({ status: 200, body: { accepted: count, duplicate: 0, rejected: 0 } })
    expect(reply.body).toMatchObject({
      results: Array.from({ length: count }, (_event, index) => ({ index, status: 'accepted' })),
      position: expect.stringMatching(/^\d+$/),
    })
  })

  it('are in the log when the response arrives', async () => {
    const event = someEvent({ actor: 'u1042', sequence: 17, data: { customer: 'Acme' } })
    await send(event)
    const stored = await server.database.query(
      `select order_id as "order", stage, actor, data->>'customer' as customer from events where id = $1`,
      [event['id']],
    )
    expect(stored).toEqual([{ order: event['order'], stage: 'packing', actor: 'u1042', customer: 'Acme' }])
  })

  it('are sent by a key for its own sources only, and kept with its id', async () => {
    const { keys } = server.server
    const bound = await keys.create('main', { name: 'wms', scopes: ['ingest'], sources: ['wms', 'Ｍes'] })
    const sent = [someEvent({ source: 'wms' }), someEvent({ source: 'erp' }), someEvent({ source: 'Mes' })]
    const reply = await call(`${server.url}/api/v1/events`, { key: bound.key, body: sent })
    expect(reply.body).toMatchObject({
      accepted: 2,
      results: [{ status: 'accepted' }, { code: 'forbidden', field: 'source' }, { status: 'accepted' }],
    })
    const stored = await server.database.query(
      'select source, key_id from events where id = any($1::text[]) order by 1',
      [sent.map(({ id }) => id)],
    )
    expect(stored).toEqual(['Mes', 'wms'].map((source) => ({ source, key_id: bound.id })))
  })

  it('of another source are taken back only by a key that may', async () => {
    const target = someEvent({ source: 'erp' })
    await send(target)
    const data = { source: target['source'], id: target['id'] }
    const taking = () => someEvent({ type: 'event.voided', order: target['order'], stage: undefined, data })
    const refused = { rejected: 1, results: [{ code: 'forbidden', field: 'data.source' }] }
    expect((await send(taking())).body).toMatchObject(refused)
    const granted = await server.createKey(['ingest', 'void'])
    const reply = await call(`${server.url}/api/v1/events`, { key: granted, body: taking() })
    expect(reply.body).toMatchObject({ accepted: 1 })
    expect((await send({ ...taking(), source: 'erp' })).body).toMatchObject({ accepted: 1 })
  })

  it('count once, however often they are sent', async () => {
    const event = someEvent()
    await send(event)
    const before = await rowCounts(server.database)
    expect((await send([event, event])).body).toMatchObject({
      accepted: 0,
      duplicate: 2,
      results: [
        { index: 0, status: 'duplicate' },
        { index: 1, status: 'duplicate' },
      ],
    })
    expect(await rowCounts(server.database)).toEqual(before)
  })

  it('twice in one request are one event and its duplicate', async () => {
    const event = someEvent()
    expect((await send([event, event])).body).toMatchObject({ accepted: 1, duplicate: 1 })
  })

  it('with the identity of another event are a conflict, and the first one stays', async () => {
    const event = someEvent()
    await send(event)
    expect((await send({ ...event, stage: 'shipping' })).body).toMatchObject({
      rejected: 1,
      results: [{ index: 0, status: 'rejected', code: 'conflict', field: 'id' }],
    })
    expect(await server.database.query('select stage from events where id = $1', [event['id']])).toEqual([
      { stage: 'packing' },
    ])
  })

  it('that are invalid affect no others, are reported, and are kept as received', async () => {
    const bad = [
      someEvent({ occurredAt: '2026-02-30T08:00:00Z' }),
      someEvent({ order: '' }),
      someEvent({ type: 'stage.left' }),
    ]
    const events = Array.from({ length: 10 }, (_, i) => bad[[2, 5, 9].indexOf(i)] ?? someEvent())
    const before = await rowCounts(server.database)
    const reply = await send(events)
    expect(reply).toMatchObject({ status: 200, body: { accepted: 7, duplicate: 0, rejected: 3 } })
    const { results } = reply.body as { results: { index: number; status: string }[] }
    expect(results.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(results.filter(({ status }) => status === 'rejected')).toMatchObject([
      { index: 2, code: 'invalid_time', field: 'occurredAt', message: expect.any(String) },
      { index: 5, code: 'missing_field', field: 'order', message: expect.any(String) },
      { index: 9, code: 'invalid_field', field: 'type', message: expect.any(String) },
    ])
    const after = await rowCounts(server.database)
    expect(after).toMatchObject({ events: before['events']! + 7, quarantine: before['quarantine']! + 3 })
    const kept = await server.database.query<{ raw: string; sender: string }>(
      'select raw, sender from quarantine order by id desc limit 3',
    )
    expect(kept.map(({ raw }) => JSON.parse(raw)).toReversed()).toEqual(bad)
    expect(kept.map(({ sender }) => sender)).toEqual(['test', 'test', 'test'])
  })

  it('more than a day ahead are refused, and others in the future accepted', async () => {
    const ahead = (ms: number) => someEvent({ occurredAt: new Date(now + ms).toISOString() })
    expect((await send([ahead(24 * 3_600_000), ahead(24 * 3_600_000 + 1)])).body).toMatchObject({
      results: [{ status: 'accepted' }, { status: 'rejected', code: 'occurred_in_future', field: 'occurredAt' }],
    })
  })

  it('of an unknown stage are refused where the process accepts none', async () => {
    const { sites } = server.server
    const pipeline = await sites.getOrCreate('strict')
    const stage = { code: 'packing', name: { zh: 'packing', en: 'packing' }, warnAtRatio: 0.8, toleranceRatio: 0.1 }
    const name = { zh: 'strict', en: 'strict' }
    await pipeline.saveProcess({ code: 'strict', name, stages: [stage], acceptsNewStages: false, goals: {} })
    const reply = await call(`${server.url}/api/v1/events`, {
      key: await server.createKey(['ingest'], 'strict'),
      body: [someEvent({ stage: 'packing' }), someEvent({ stage: 'nowhere' })],
    })
    expect(reply.body).toMatchObject({
      results: [{ status: 'accepted' }, { status: 'rejected', code: 'unknown_stage', field: 'stage' }],
    })
  })

  it('may be ten thousand in one request', async () => {
    const events = Array.from({ length: 10_000 }, (_, i) => someEvent({ order: `BULK-${i % 500}` }))
    expect(await send(events)).toMatchObject({ status: 200, body: { accepted: 10_000 } })
  })
})
