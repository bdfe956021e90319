import { messageQueue } from '@stagewatch/server/channels/enqueue-messages.ts'
import { addJobs } from '@stagewatch/server/platform/jobs.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { deadJobList } from '@stagewatch/shared/contract/dead-jobs.ts'
import { webhookSecret } from '@stagewatch/shared/contract/webhooks.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startReceiver } from '../connections/webhook-receiver.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { call } from './call.ts'
import { expectProblem } from './expect-problem.ts'

const path = '/api/v1/admin/dead-jobs'
const queue = 'queue-of-test'
let clock: VirtualClock
let server: PeopledServer

beforeAll(async () => {
  clock = new VirtualClock(Date.now())
  const variables = { WEBHOOK_PRIVATE_NETWORKS: 'on', SECRETS_KEY: Buffer.alloc(32, 6).toString('base64') }
  server = await startPeopled({ clock, variables })
})
afterAll(() => server.close())

async function dead() {
  const { status, body } = await server.ada.call(path)
  expect(status).toBe(200)
  return deadJobList.parse(body)
}

/** Adds jobs that were given up, each later than the one before. */
async function plant(keys: readonly string[], more: { site?: string; attempt?: number } = {}): Promise<void> {
  const { site = 'main', attempt = 12 } = more
  await addJobs(
    server.database,
    keys.map((key) => ({ queue, key, site, runAt: clock.now() })),
  )
  for (const [index, key] of keys.entries()) {
    await server.database.query(
      `update jobs set dead_at = to_timestamp($1::float8 / 1000), attempt = $2::int, last_error = $3 where key = $4`,
      [clock.now() - 1_000 + index, attempt, `it answered 50${index}`, key],
    )
  }
}

const stateOf = (key: string) =>
  server.database.query<{ attempt: number; dead: boolean; due: boolean }>(
    `select attempt, dead_at is not null as dead, run_at <= to_timestamp($2::float8 / 1000) as due
       from jobs where key = $1`,
    [key, clock.now()],
  )

describe('the list of dead jobs', () => {
  it('contains those of the site, newest first, with reason and number of attempts', async () => {
    await server.createKey(['admin'], 'elsewhere')
    await plant(['list-1', 'list-2'])
    await plant(['list-elsewhere'], { site: 'elsewhere' })
    await addJobs(server.database, [{ queue, key: 'list-alive', site: 'main', runAt: clock.now() + 60_000 }])
    const { jobs, total, asOf } = await dead()
    expect(asOf).toBe(clock.now())
    expect(total).toBe(2)
    expect(jobs.map(({ id: _id, ...job }) => job)).toEqual([
      { queue, diedAt: clock.now() - 999, attempts: 12, error: 'it answered 501' },
      { queue, diedAt: clock.now() - 1_000, attempts: 12, error: 'it answered 500' },
    ])
    await server.database.query(`delete from jobs where queue = $1`, [queue])
  })

  it('leaves out the message of an unexpected error, which may contain anything', async () => {
    await plant(['thrown'], { attempt: 1_000 })
    expect((await dead()).jobs).toEqual([
      { id: expect.any(Number) as number, queue, diedAt: clock.now() - 1_000, attempts: 1_000 },
    ])
    await server.database.query(`delete from jobs where queue = $1`, [queue])
  })

  it('is limited to a hundred, and says how many there are', async () => {
    await plant(Array.from({ length: 103 }, (_, index) => `many-${index}`))
    const { jobs, total } = await dead()
    expect([jobs.length, total]).toEqual([100, 103])
    await server.database.query(`delete from jobs where queue = $1`, [queue])
  })
})

describe('a dead job', () => {
  it('is run again as if it were new, which is recorded; twice is the same as once', async () => {
    await plant(['again'])
    const ids = (await dead()).jobs.map(({ id }) => id)
    expect((await server.ada.call(`${path}/retry`, { body: { ids } })).body).toEqual({ settled: 1 })
    expect(await stateOf('again')).toEqual([{ attempt: 0, dead: false, due: true }])
    expect((await server.ada.call(`${path}/retry`, { body: { ids } })).body).toEqual({ settled: 0 })
    const recorded = await server.recorded()
    expect(recorded.filter((line) => line.includes('jobs.'))).toEqual([`ada@example.com jobs.retried ${queue}`])
    await server.database.query(`delete from jobs where queue = $1`, [queue])
  })

  it('that delivers to a webhook delivers the same message', async () => {
    const receiver = await startReceiver()
    try {
      receiver.status = 410
      const body = { name: 'ERP', url: receiver.url, events: ['order.overdue'] }
      const { id } = webhookSecret.parse((await server.ada.call('/api/v1/webhooks', { body })).body)
      expect((await server.ada.call(`/api/v1/webhooks/${id}/test`, { method: 'POST' })).status).toBeLessThan(300)
      await server.server.deliveries.runDue()
      const { jobs } = await dead()
      expect(jobs).toMatchObject([{ queue: 'webhook-deliveries', attempts: 1, error: 'it answered 410' }])
      receiver.status = 204
      const ids = jobs.map((job) => job.id)
      expect((await server.ada.call(`${path}/retry`, { body: { ids } })).body).toEqual({ settled: 1 })
      await server.server.deliveries.runDue()
      expect(receiver.received).toHaveLength(2)
      expect(receiver.received[1]?.id).toBe(receiver.received[0]?.id)
      const deliveries = (await server.ada.call(`/api/v1/webhooks/${id}/deliveries`)).body
      expect(deliveries).toMatchObject({ deliveries: [{ state: 'delivered' }] })
      expect((await dead()).jobs).toEqual([])
    } finally {
      receiver.close()
    }
  })

  it('whose message has been deleted is done when it is run again', async () => {
    await addJobs(server.database, [{ queue: messageQueue, key: 'deleted', site: 'main', runAt: 0 }])
    await server.database.query(`update jobs set dead_at = now(), attempt = 3, last_error = 'x' where key = 'deleted'`)
    const ids = (await dead()).jobs.map(({ id }) => id)
    expect((await server.ada.call(`${path}/retry`, { body: { ids } })).body).toEqual({ settled: 1 })
    await server.server.messages.runDue()
    expect(await stateOf('deleted')).toEqual([])
  })

  it('is dismissed, which is recorded', async () => {
    await plant(['gone', 'kept'])
    const [kept, gone] = (await dead()).jobs
    expect((await server.ada.call(`${path}/dismiss`, { body: { ids: [gone?.id] } })).body).toEqual({ settled: 1 })
    expect(await stateOf('gone')).toEqual([])
    expect((await dead()).jobs).toEqual([kept])
    expect((await server.recorded())[0]).toBe(`ada@example.com jobs.dismissed ${queue}`)
    await server.database.query(`delete from jobs where queue = $1`, [queue])
  })

  it('of another site, or one that is still waiting, is left alone', async () => {
    await plant(['foreign'], { site: 'elsewhere' })
    await addJobs(server.database, [{ queue, key: 'waiting', site: 'main', runAt: clock.now() + 60_000 }])
    const rows = await server.database.query<{ id: number }>(`select id::float8 as id from jobs where queue = $1`, [
      queue,
    ])
    const ids = rows.map(({ id }) => id)
    expect(ids).toHaveLength(2)
    for (const action of ['retry', 'dismiss']) {
      expect((await server.ada.call(`${path}/${action}`, { body: { ids } })).body).toEqual({ settled: 0 })
    }
    expect(await stateOf('foreign')).toMatchObject([{ dead: true }])
    expect(await stateOf('waiting')).toMatchObject([{ dead: false, due: false }])
    await server.database.query(`delete from jobs where queue = $1`, [queue])
  })

  it.each([{}, { ids: [] }, { ids: ['1'] }, { ids: Array.from({ length: 101 }, (_, index) => index + 1) }])(
    'cannot be chosen by %j',
    async (body) => {
      for (const action of ['retry', 'dismiss']) {
        const reply = await server.ada.call(`${path}/${action}`, { body })
        expect(reply.status).toBe(400)
      }
    },
  )

  it('is only for who manages the site', async () => {
    const key = await server.createKey(['read', 'ingest'])
    const body = { ids: [1] }
    expectProblem(await call(`${server.url}${path}`, { key }), 403, 'forbidden')
    for (const action of ['retry', 'dismiss']) {
      expectProblem(await call(`${server.url}${path}/${action}`, { key, body }), 403, 'forbidden')
    }
  })
})
