import { refusedHosts } from '@stagewatch/server/connections/testing/refused-hosts.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { changeList } from '@stagewatch/shared/contract/changes.ts'
import { deliveryList, deliveryQueued, webhookList, webhookSecret } from '@stagewatch/shared/contract/webhooks.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import type { CallOptions, Reply } from '../http/call.ts'
import { expectProblem } from '../http/expect-problem.ts'
import { someEvent } from '../http/some-event.ts'
import { sendEvents } from '../harness/send-events.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { isSignedWith, startReceiver } from './webhook-receiver.ts'
import type { WebhookReceiver } from './webhook-receiver.ts'

const beginAt = Date.parse('2026-11-22T09:00:00+08:00')
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const clock = new VirtualClock(beginAt)
const secretsKey = Buffer.alloc(32, 6).toString('base64')
let server: StartedServer
let receiver: WebhookReceiver
let key: string
const name = { zh: '包装', en: 'Packing' }

beforeAll(async () => {
  server = await startServer({ clock, variables: { WEBHOOK_PRIVATE_NETWORKS: 'on', SECRETS_KEY: secretsKey } })
  key = await server.createKey(['admin', 'ingest'])
  const pipeline = await server.server.sites.get('main')
  const stage = { name, warnAtRatio: 0.8, toleranceRatio: 0.1 }
  const stages = [
    { ...stage, code: 'packing', targetMs: hourMs },
    { ...stage, code: 'shipping' },
  ]
  await pipeline.saveProcess({ code: 'default', name, stages, acceptsNewStages: false, goals: {} })
})
afterAll(() => server.close())
beforeEach(async () => (receiver = await startReceiver()))
afterEach(async () => {
  // Sends the messages that a test left pending, so that the next test does not receive them.
  await react()
  receiver.close()
  for (const { id } of await list()) await api(`/${id}`, { method: 'DELETE' })
})

function api(path: string, options: CallOptions = {}): Promise<Reply> {
  return call(`${server.url}/api/v1/webhooks${path}`, { key, ...options })
}

async function list() {
  return webhookList.parse((await api('')).body).webhooks
}

async function create(events: readonly string[] = ['order.overdue', 'order.resolved']) {
  return webhookSecret.parse((await api('', { body: { name: 'ERP', url: receiver.url, events } })).body)
}

async function deliveriesOf(id: string, query = '') {
  return deliveryList.parse((await api(`/${id}/deliveries${query}`)).body)
}

/** Runs the due background tasks without waiting for their requests. */
async function react(): Promise<void> {
  await server.server.transitions.catchUp()
  await server.server.deliveries.runDue()
}

/** Advances the wall clock and every timer. */
async function pass(ms: number): Promise<void> {
  clock.advanceTo(clock.now() + ms)
  await react()
}

let orders = 0
/** An order that has just entered a stage. */
async function enter(stage: string, order = `SO-${orders++}`): Promise<string> {
  const occurredAt = new Date(clock.now()).toISOString()
  const answer = await sendEvents(server.url, key, [someEvent({ id: `${order}-${stage}`, order, stage, occurredAt })])
  expect(answer.accepted).toBe(1)
  return order
}

describe('a webhook', () => {
  it('is called once when an order becomes overdue and once when that ends, with a valid signature', async () => {
    const { id, secret } = await create()
    const order = await enter('packing')
    await pass(hourMs)
    await pass(1_000)
    await enter('shipping', order)
    await react()
    await react()
    expect(receiver.received.map(({ body }) => [body.type, body.data])).toEqual([
      [
        'order.overdue',
        { site: 'main', process: 'default', stage: 'packing', order, visit: 1, since: expect.any(String) as string },
      ],
      ['order.resolved', expect.objectContaining({ order, until: expect.any(String) as string })],
    ])
    expect(receiver.received.every((message) => isSignedWith(message, secret))).toBe(true)
    expect(receiver.received.some((message) => isSignedWith(message, `whsec_${'A'.repeat(32)}`))).toBe(false)
    const { deliveries } = await deliveriesOf(id)
    expect(deliveries.map(({ id: message, type, state, lastStatus }) => [message, type, state, lastStatus])).toEqual(
      receiver.received.map((message) => [message.id, message.body.type, 'delivered', 204]).toReversed(),
    )
  })

  it('is called only for its subscribed events, and only while it is enabled', async () => {
    const { id } = await create(['order.resolved'])
    const order = await enter('packing')
    await pass(hourMs)
    expect(receiver.received).toEqual([])
    const body = { name: 'ERP', url: receiver.url, events: ['order.resolved'], enabled: false }
    expect((await api(`/${id}`, { method: 'PUT', body })).status).toBe(200)
    await enter('shipping', order)
    await react()
    expect(receiver.received).toEqual([])
    expect((await deliveriesOf(id)).deliveries).toEqual([])
  })

  it('is not called for orders that were already overdue when they were imported', async () => {
    await create()
    const occurredAt = new Date(beginAt - dayMs).toISOString()
    const headers = { 'x-stagewatch-import': 'on' }
    const body = [someEvent({ id: 'imported', order: 'SO-imported', stage: 'packing', occurredAt })]
    expect((await call(`${server.url}/api/v1/events`, { key, headers, body })).body).toMatchObject({ accepted: 1 })
    const late = [someEvent({ id: 'late', order: 'SO-late', stage: 'packing', occurredAt })]
    await sendEvents(server.url, key, late)
    await react()
    expect(receiver.received.map(({ body: { data } }) => data['order'])).toEqual(['SO-late'])
    for (const order of ['SO-imported', 'SO-late']) await enter('shipping', order)
    await react()
    expect(receiver.received.map(({ body: { data } }) => data['order'])).toEqual(['SO-late', 'SO-late'])
  })

  it('is called when the bottleneck of a process changes', async () => {
    await create(['stage.bottleneck'])
    const entered = [await enter('packing'), await enter('packing'), await enter('packing')]
    await pass(hourMs)
    await server.server.transitions.recordBottlenecks()
    await server.server.deliveries.runDue()
    const told = () => receiver.received.map(({ body }) => [body.type, body.data['stage'], body.data['isBottleneck']])
    expect(told()).toContainEqual(['stage.bottleneck', 'packing', true])
    for (const order of entered) await enter('shipping', order)
    await server.server.transitions.recordBottlenecks()
    await server.server.deliveries.runDue()
    expect(told()).toContainEqual(['stage.bottleneck', 'packing', false])
  })

  it('is retried with the same id until it answers, and never before the retry is due', async () => {
    const { id, secret } = await create()
    receiver.status = 503
    await enter('packing')
    await pass(hourMs)
    await react()
    expect(receiver.received).toHaveLength(1)
    expect((await deliveriesOf(id)).deliveries).toMatchObject([
      { state: 'pending', attemptCount: 1, lastStatus: 503, nextAttemptAt: clock.now() + 5_000 },
    ])
    expect(await list()).toMatchObject([{ failingSince: clock.now() }])
    receiver.status = 200
    await pass(5_000)
    expect(new Set(receiver.received.map((message) => message.id)).size).toBe(1)
    expect(receiver.received.map(({ timestampS }) => timestampS)).toEqual([
      Math.floor(clock.now() / 1_000) - 5,
      Math.floor(clock.now() / 1_000),
    ])
    expect(receiver.received.every((message) => isSignedWith(message, secret))).toBe(true)
    expect((await deliveriesOf(id)).deliveries).toMatchObject([{ state: 'delivered', attemptCount: 2 }])
    expect((await list())[0]).not.toHaveProperty('failingSince')
  })

  it('is disabled after three days of failures, which is recorded, and can be enabled again', async () => {
    const { id } = await create()
    receiver.status = 500
    await enter('packing')
    await pass(hourMs)
    for (let day = 0; day < 10 && (await list())[0]?.enabled; day++) await pass(dayMs / 2)
    expect(await list()).toMatchObject([{ enabled: false, disabledAt: clock.now() }])
    const { body } = await call(`${server.url}/api/v1/admin/changes?limit=1`, { key })
    expect(changeList.parse(body).changes).toMatchObject([
      { action: 'webhook.disabled', subject: id, actor: { kind: 'server' }, subjectName: { en: 'ERP' } },
    ])
    const enabled = { name: 'ERP', url: receiver.url, events: ['order.overdue'] }
    const { body: changed } = await api(`/${id}`, { method: 'PUT', body: enabled })
    expect(changed).toMatchObject({ enabled: true })
    expect(changed).not.toHaveProperty('disabledAt')
  })

  it('sends a test message, and any message again, at request', async () => {
    const { id } = await create()
    const { id: test } = deliveryQueued.parse((await api(`/${id}/test`, { method: 'POST' })).body)
    await react()
    expect(receiver.received).toMatchObject([{ id: test, body: { type: 'webhook.test', data: { site: 'main' } } }])
    expect((await api(`/${id}/deliveries/${test}/redeliver`, { method: 'POST' })).status).toBe(200)
    await react()
    expect(receiver.received.map((message) => message.id)).toEqual([test, test])
    expectProblem(await api(`/${id}/deliveries/msg_none/redeliver`, { method: 'POST' }), 404, 'not_found')
    expectProblem(await api(`/none/test`, { method: 'POST' }), 404, 'not_found')
  })

  it('is signed with both secrets for a day after the secret was replaced', async () => {
    const { id, secret: before } = await create()
    const { secret: after } = webhookSecret.parse((await api(`/${id}/rotate-secret`, { method: 'POST' })).body)
    expect(after).not.toBe(before)
    const signedBy = async () => {
      await api(`/${id}/test`, { method: 'POST' })
      await react()
      const message = receiver.received.at(-1)!
      return [before, after].map((secret) => isSignedWith(message, secret))
    }
    expect(await signedBy()).toEqual([true, true])
    await pass(dayMs)
    expect(await signedBy()).toEqual([false, true])
  })

  it('shows its deliveries page by page', async () => {
    const { id } = await create()
    for (let i = 0; i < 3; i++) {
      await api(`/${id}/test`, { method: 'POST' })
      clock.advanceTo(clock.now() + 1)
    }
    const first = await deliveriesOf(id, '?limit=2')
    const second = await deliveriesOf(id, `?limit=2&cursor=${first.cursor}`)
    const times = [...first.deliveries, ...second.deliveries].map(({ createdAt }) => createdAt)
    expect(times).toHaveLength(3)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    expect(second.cursor).toBeUndefined()
  })
})

describe('the secret of a webhook', () => {
  it('is shown once, and appears neither in the list nor in the audit log', async () => {
    const { secret } = await create()
    const changes = await call(`${server.url}/api/v1/admin/changes`, { key })
    for (const { body } of [await api(''), changes]) {
      expect(JSON.stringify(body)).toContain('ERP')
      expect(JSON.stringify(body)).not.toContain(secret.slice(6))
      expect(JSON.stringify(body)).not.toContain('previousSecret"')
    }
    // The path of an address often is a secret, too.
    expect(JSON.stringify(changes.body)).not.toContain('/hook')
  })
})

describe('saving a webhook', () => {
  it('refuses an outdated version, and keeps omitted fields', async () => {
    const { id } = await create()
    const [{ version } = { version: '' }] = await list()
    const body = { name: 'MES', url: receiver.url, events: ['order.overdue'] }
    const changed = await api(`/${id}`, { method: 'PUT', body, headers: { 'if-match': version } })
    expect(changed).toMatchObject({ status: 200, body: { name: 'MES', enabled: true } })
    const stale = await api(`/${id}`, { method: 'PUT', body: { ...body, name: 'x' }, headers: { 'if-match': version } })
    expectProblem(stale, 409, 'conflict')
    expect(await list()).toMatchObject([{ name: 'MES' }])
  })

  it('refuses more than twenty of them', async () => {
    for (let i = 0; i < 20; i++) await create()
    const reply = await api('', { body: { name: 'ERP', url: receiver.url, events: ['order.overdue'] } })
    expectProblem(reply, 409, 'conflict')
    expect(await list()).toHaveLength(20)
  })

  it('refuses an address that only the server can reach', async () => {
    const strict = await startServer({ variables: { SECRETS_KEY: secretsKey } })
    const admin = await strict.createKey(['admin'])
    const save = (url: string) =>
      call(`${strict.url}/api/v1/webhooks`, { key: admin, body: { name: 'x', url, events: ['order.overdue'] } })
    for (const host of refusedHosts) {
      const reply = await save(`https://${host}/`)
      expect([host, reply.status]).toEqual([host, 400])
      expect(reply.body).toMatchObject({ code: 'invalid_field', details: [{ field: 'url' }] })
    }
    for (const url of [
      'http://8.8.8.8/',
      'ftp://8.8.8.8/',
      'https://a:b@8.8.8.8/',
      'https://nowhere.invalid/',
      '/hook',
    ])
      expect([url, (await save(url)).status]).toEqual([url, 400])
    expect((await save('https://8.8.8.8/')).status).toBe(200)
    await strict.close()
  })
})
