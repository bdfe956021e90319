import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { messageJobs } from '@stagewatch/server/channels/deliver-message.ts'
import { enqueueMessages } from '@stagewatch/server/channels/enqueue-messages.ts'
import { Channels } from '@stagewatch/server/channels/manage-channels.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { JobWorker } from '@stagewatch/server/platform/jobs.ts'
import { SecretKeys } from '@stagewatch/server/platform/secret-keys.ts'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { secrets as known, startProviders } from './fake-providers.ts'
import type { FakeProviders } from './fake-providers.ts'

const clock = new VirtualClock(Date.UTC(2026, 10, 24, 1))
const secrets = new SecretKeys({ configured: [Buffer.alloc(32, 3)] })
const author = { kind: 'operator', name: 'test', site: 'main' } as const
let database: Database
let providers: FakeProviders
let channel: string

beforeAll(async () => {
  database = await openTestDatabase()
  await database.query(`insert into sites (code, name, time_zone) values ('main', '{"en":"Main"}', 'UTC')`)
  providers = await startProviders(() => clock.now())
  const channels = new Channels({ database, clock, secrets, allowsPrivate: true })
  const url = `${providers.url}/webhook/hook`
  const request = { kind: 'webhook', name: 'ERP', enabled: true, settings: {} } as const
  channel = (await channels.create({ ...request, secrets: { url, secret: known.webhook } }, author)).id
})
afterAll(async () => {
  providers.close()
  await database.close()
})
beforeEach(() => void (providers.taken.length = 0))

/** A worker of one server instance. */
function worker(on: Database = database): JobWorker {
  const delivery = { database: on, clock, secrets, allowsPrivate: true, publicUrl: () => 'https://board.example.com' }
  return new JobWorker(on, clock, messageJobs(delivery))
}

let made = 0
async function enqueue(count: number, keyOf = (order: string, _instance: number) => order): Promise<string[]> {
  const orders = Array.from({ length: count }, () => `SO-${(made += 1)}`)
  const messagesOf = (instance: number) =>
    orders.map((order) => ({
      routes: [{ channel, to: '' }] as const,
      message: {
        severity: 'warning' as const,
        title: order,
        lines: [],
        link: '/orders',
        language: 'en' as const,
        orders: [order],
        dedupeKey: keyOf(order, instance),
      },
    }))
  // The other instance sees the same event and stores the notice as well.
  const store = (instance: number) =>
    database.transaction((tx) => enqueueMessages(tx, 'main', messagesOf(instance), clock.now()))
  await Promise.all([1, 2].map(store))
  return orders
}

const takenOrders = () => providers.taken.flatMap(({ text }) => /^SO-\d+$/m.exec(text)?.[0] ?? [])

it('two server instances send each message once', async () => {
  const orders = await enqueue(40)
  const [one, other] = [worker(), worker()]
  await Promise.all([one.runDue(), other.runDue()])
  clock.advanceTo(clock.now() + 10_000)
  await Promise.all([one.runDue(), other.runDue()])
  expect(takenOrders().toSorted()).toEqual(orders.toSorted())
  await expectSettled()
})

it('without a common key a message would be sent twice', async () => {
  const orders = await enqueue(5, (order, instance) => `${order} of ${instance}`)
  await worker().runDue()
  expect(takenOrders().toSorted()).toEqual([...orders, ...orders].toSorted())
  await expectSettled()
})

it('an instance that dies before recording a delivery causes one message to be sent again, and no others', async () => {
  const orders = await enqueue(3)
  await expect(worker(dyingAfterSend()).runDue()).rejects.toThrow('killed')
  const before = takenOrders()
  expect(before.length).toBeGreaterThan(0)
  // Until its lease expires, no other instance sends a message that it may already have sent.
  clock.advanceTo(clock.now() + 10_000)
  await worker().runDue()
  expect(new Set(takenOrders()).size).toBe(takenOrders().length)
  await database.query(`update jobs set leased_until = now()`)
  await database.query(`update messages set sending_until = now() where state = 'sending'`)
  clock.advanceTo(clock.now() + 10_000)
  await worker().runDue()
  expect([...new Set(takenOrders())].toSorted()).toEqual(orders.toSorted())
  expect(takenOrders().length).toBe(orders.length + before.length)
  await expectSettled()
})

it('messages of an instance that died are sent although the clock of the database was set back since', async () => {
  const orders = await enqueue(3)
  await expect(worker(dyingAfterSend()).runDue()).rejects.toThrow('killed')
  await database.query(`update jobs set leased_until = leased_until + interval '400 days'`)
  await database.query(`update messages set sending_until = sending_until + interval '400 days'`)
  clock.advanceTo(clock.now() + 10_000)
  await worker().runDue()
  expect([...new Set(takenOrders())].toSorted()).toEqual(orders.toSorted())
  await expectSettled()
})

it('messages and channels that wait for a time that a clock ahead has set do so no longer', async () => {
  const orders = await enqueue(3)
  await database.query(`update jobs set run_at = run_at + interval '30 days'`)
  await database.query(`update messages set next_attempt_at = next_attempt_at + interval '30 days'`)
  await database.query(`update channel_budgets set blocked_until = now() + interval '400 days'`)
  await worker().runDue()
  expect(takenOrders().toSorted()).toEqual(orders.toSorted())
  await expectSettled()
})

async function expectSettled(): Promise<void> {
  expect(await database.query(`select distinct state from messages`)).toEqual([{ state: 'accepted' }])
  expect(await database.query(`select from jobs`)).toEqual([])
}

/** A database connection that breaks as soon as a message has been sent. */
function dyingAfterSend(): Database {
  const dead = () => providers.taken.length > 0
  return new Proxy(database, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) =>
        dead() ? Promise.reject(new Error('killed')) : (Reflect.apply(value, target, args) as unknown)
    },
  })
}
