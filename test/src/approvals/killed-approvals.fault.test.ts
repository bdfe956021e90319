import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '@stagewatch/db/database.ts'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import { createTestDatabase, createTestDataDirectory } from '@stagewatch/db/test-database.ts'
import { minTimeoutMs } from '@stagewatch/shared/contract/approval-flow.ts'
import { messageLog } from '@stagewatch/shared/contract/message-log.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { requestsFor, startProviders } from '../channels/fake-providers.ts'
import type { FakeProviders } from '../channels/fake-providers.ts'
import { createKey } from '../harness/create-key.ts'
import { eventuallyWithin } from '../harness/eventually.ts'
import { sendEvents } from '../harness/send-events.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import type { SpawnedServer } from '../harness/spawn-server.ts'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'
import { approvedProcess } from './approval-world.ts'

const testServer = process.env['TEST_DATABASE_URL']
const secondMs = 1_000
const orders = ['SO-1', 'SO-2', 'SO-3', 'SO-4'] as const
type Order = (typeof orders)[number]

let providers: FakeProviders
let place: { readonly databaseUrl?: string; readonly dataDirectory: string }
let remove: () => Promise<void>
let server: SpawnedServer
let key: string
const killedAt: number[] = []

const spawn = () =>
  spawnServer({
    ...place,
    env: { WEBHOOK_PRIVATE_NETWORKS: 'on', SECRETS_KEY: Buffer.alloc(32, 5).toString('base64') },
  })

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const { database, lock } = await openDatabase(place)
  try {
    return await work(database)
  } finally {
    await database.close()
    await lock?.release()
  }
}

async function killAndRestart(): Promise<void> {
  killedAt.push(Date.now())
  await server.kill('SIGKILL')
  server = await spawn()
}

async function api(path: string, body?: unknown, method?: string): Promise<unknown> {
  const reply = await call(`${server.url}/api/v1/${path}`, { key, body, ...(method !== undefined && { method }) })
  expect(reply).toMatchObject({ status: 200 })
  return reply.body
}

/** Li approves; Wu is the deputy. Both are reached through an application, whose messages contain links. */
beforeAll(async () => {
  providers = await startProviders(Date.now)
  if (testServer === undefined) {
    const dataDirectory = await createTestDataDirectory()
    place = { dataDirectory }
    remove = () => rm(dataDirectory, { recursive: true, force: true })
  } else {
    const { url, drop } = await createTestDatabase(testServer)
    place = { databaseUrl: url, dataDirectory: '' }
    remove = drop
  }
  // The first start creates the site.
  server = await spawn()
  await server.kill('SIGTERM')
  await withDatabase(async (database) => {
    for (const id of ['li', 'wu']) {
      await database.query(`insert into users (id, name, email) values ($1, $1, $1 || '@example.com')`, [id])
      await database.query(`insert into memberships (site, user_id, role) values ('main', $1, 'lead')`, [id])
      const ways = JSON.stringify([{ kind: 'wecom', userId: id }])
      await database.query(`insert into user_profiles (user_id, language, channels) values ($1, 'en', $2::jsonb)`, [
        id,
        ways,
      ])
    }
  })
  const { databaseUrl, dataDirectory } = place
  key = await createKey(
    databaseUrl === undefined ? { DATA_DIR: dataDirectory } : { DATABASE_URL: databaseUrl },
    'ingest,admin,read',
  )
  server = await spawn()
  await api('channels', { name: 'WeCom', ...requestsFor(providers.url)['cgi-bin'] })
  const step = {
    approvers: [{ kind: 'person', id: 'li' }],
    quorum: { kind: 'any' },
    timeout: { afterMs: minTimeoutMs, deputy: 'wu' },
  } as const
  await api('admin/processes/default', approvedProcess({ steps: [step] }), 'PUT')
}, 120_000)
afterAll(async () => {
  await server.close()
  providers.close()
  await remove()
})

/** Instants at which the person was sent a message about the order. */
function toldAt(person: 'li' | 'wu', order: Order): number[] {
  return messagesTo(person, order).map(({ atMs }) => atMs)
}

function messagesTo(person: 'li' | 'wu', order: Order) {
  return providers.taken.filter(({ text }) => text.startsWith(`${person}\n`) && text.includes(order))
}

/** Submits the form of a link, and again after the server was killed meanwhile, like a person who reloads the page. */
async function approveThroughKill(person: 'li' | 'wu', order: Order, killAfterMs: number): Promise<void> {
  const [path] = /\/approve\/[\w-]+/.exec(messagesTo(person, order)[0]?.text ?? '') ?? []
  expect(path).toBeDefined()
  const submit = () =>
    fetch(`${server.url}${path}`, { method: 'POST', body: new URLSearchParams({ action: 'approve' }) })
  const first = submit().catch(() => undefined)
  await delay(killAfterMs)
  await killAndRestart()
  await first
  expect((await submit()).status).toBeLessThan(500)
}

const isMoved = async (order: Order) => JSON.stringify(await api(`orders/${order}`)).includes('"produced"')

it('approvals pass to the deputy once and are decided once, although the server is killed meanwhile', async () => {
  const sentAt = new Map<Order, number>()
  // One after the other: messages that wait together are sent as one, without their links.
  for (const order of orders) {
    sentAt.set(order, Date.now())
    const occurredAt = new Date().toISOString()
    await sendEvents(server.url, key, [someEvent({ id: order, order, stage: 'approval', occurredAt })])
    await eventuallyWithin(30 * secondMs, () => expect(toldAt('li', order)).toHaveLength(1))
  }
  await approveThroughKill('li', 'SO-1', 3)
  await approveThroughKill('li', 'SO-2', 25)

  // Killed just before the time is over, and again as soon as the first message has left.
  const dueAt = (sentAt.get('SO-3') ?? 0) + minTimeoutMs
  await delay(Math.max(0, dueAt - Date.now()))
  await killAndRestart()
  await eventuallyWithin(60 * secondMs, () =>
    expect([...toldAt('wu', 'SO-3'), ...toldAt('wu', 'SO-4')].length).toBeGreaterThan(0),
  )
  await killAndRestart()
  await eventuallyWithin(90 * secondMs, async () => {
    for (const order of ['SO-3', 'SO-4'] as const) expect(toldAt('wu', order).length).toBeGreaterThan(0)
    const { messages } = messageLog.parse(await api('messages?limit=200'))
    expect(messages.filter(({ channelId, state }) => channelId !== 'push' && state !== 'accepted')).toEqual([])
  })
  expect(toldAt('wu', 'SO-3')[0]).toBeGreaterThanOrEqual(dueAt)

  // The deputy decides one, and the approver, who still may, the other.
  await approveThroughKill('wu', 'SO-3', 10)
  await approveThroughKill('li', 'SO-4', 10)
  await eventuallyWithin(60 * secondMs, async () => {
    for (const order of orders) expect([order, await isMoved(order)]).toEqual([order, true])
  })
  await server.kill('SIGTERM')

  await withDatabase(async (database) => {
    const rows = (statement: string) =>
      database.query<{ text: string }>(statement).then((all) => all.map(({ text }) => text))
    expect(
      await rows(`select concat_ws(' ', a.order_id, a.outcome, string_agg(concat_ws(' ', e.kind, e.by_id), ', ' order by e.id)) as text
        from approvals a join approval_entries e on e.site = a.site and e.approval_id = a.id group by a.id, a.order_id, a.outcome
        order by a.order_id`),
    ).toEqual([
      'SO-1 approved approved li',
      'SO-2 approved approved li',
      'SO-3 approved timed-out, approved wu',
      'SO-4 approved timed-out, approved li',
    ])
    expect(
      await rows(
        `select concat_ws(' ', order_id, type, stage) as text from events where source = 'desk' order by order_id`,
      ),
    ).toEqual(orders.map((order) => `${order} stage.entered produced`))
    expect(
      await rows(`select subject as text from changes where action = 'approval.decided' order by subject`),
    ).toEqual(orders)
    expect(
      await rows(
        `select recipient || ' ' || (message->'orders'->>0) as text from messages where channel_id = 'inbox' order by 1`,
      ),
    ).toEqual([...orders.map((order) => `li ${order}`), 'wu SO-3', 'wu SO-4'])
  })
  // A message may have left without its delivery having been recorded only if the server was killed then.
  const repeated = (['li', 'wu'] as const).flatMap((person) =>
    orders.flatMap((order) => toldAt(person, order).slice(0, -1)),
  )
  expect(repeated.filter((at) => !killedAt.some((killed) => at > killed - 15 * secondMs && at <= killed))).toEqual([])
  expect(toldAt('wu', 'SO-1').concat(toldAt('wu', 'SO-2'))).toEqual([])
}, 300_000)
