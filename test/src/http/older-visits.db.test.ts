import type { Caller } from '@stagewatch/server/access/caller.ts'
import { listOrders } from '@stagewatch/server/query/list-orders.ts'
import { OlderOrders } from '@stagewatch/server/query/older-orders.ts'
import { QueryLimiter } from '@stagewatch/server/query/query-limiter.ts'
import { restrictQuery } from '@stagewatch/server/query/restrict-query.ts'
import { everybody } from '@stagewatch/shared/domain/access/audience.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { orderSorts, ordersQuery } from '@stagewatch/shared/contract/orders.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { submitEvents } from '../harness/open-site.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { startServer } from '../harness/start-server.ts'
import { call } from './call.ts'

const hourMs = 3_600_000
const orderCount = 700
const beginAt = Math.floor(Date.now() / hourMs) * hourMs - 800 * hourMs
const way = ['picking', 'packing', 'shipping'] as const

/**
 * One order an hour, each with four visits, most of them completed. The first customer appears only early, and the
 * class of that customer changes in the end.
 */
function history(): OrderEvent[] {
  return Array.from({ length: orderCount }, (_, n) =>
    ['placed', ...way, 'driving', 'completed'].slice(0, n < 600 ? 6 : 5).map((step, i): OrderEvent => ({
      source: 'wms',
      id: `${n}-${i}`,
      order: `SO-${n}`,
      ...(step === 'placed' || step === 'completed'
        ? { type: `order.${step}` }
        : { type: 'stage.entered', stage: step }),
      occurredAt: beginAt + n * hourMs + i * (7 + (n % 13)) * 60_000,
      data: {
        customer: n < 20 ? 'Early' : `C${n % 7}`,
        customerClass: n < 20 && i < 3 ? 'founder' : 'regular',
        department: `D${n % 3}`,
        ...attributes(n),
      },
    })),
  ).flat()
}

function attributes(n: number) {
  return {
    ...(n % 4 > 0 && { product: ['pump', 'Ｖalve', '阀门'][n % 3], quantity: n % 5, amount: n * 1.5 }),
    ...(n % 10 === 0 && { waybill: `SF${n}`, priority: n % 20 === 0 ? 'A' : 'b' }),
    ...(n % 6 === 0 && { promisedAt: beginAt + (1_000 - n) * hourMs }),
  }
}

let whole: StartedServer
let bounded: StartedServer
beforeAll(async () => {
  whole = await startServer()
  const pipeline = await whole.server.sites.get('main')
  await submitEvents(pipeline, history())
  bounded = await startServer({ database: whole.database, variables: { MEMORY_VISITS: '1000' } })
})
afterAll(async () => {
  await bounded.close()
  await whole.close()
})

/** The answers of both servers, without their timestamps. */
async function ask(path: string): Promise<[whole: unknown, bounded: unknown, memoryFrom: unknown]> {
  const answers = await Promise.all(
    [whole, bounded].map(async ({ url }) => {
      const { status, body } = await call(`${url}/api/v1/${path}`)
      expect(status).toBe(200)
      return body as { asOf: number; position: string; memoryFrom?: number }
    }),
  )
  const [first, second] = answers.map(({ asOf: _asOf, position: _position, memoryFrom: _from, ...rest }) => rest)
  return [withoutAges(first), withoutAges(second), answers[1]?.memoryFrom]
}

/** Ages depend on the clock, and the two servers are not queried in the same millisecond. */
function withoutAges(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer, (key, value: unknown) => (/^open(Mean|Max)Ms|^p..(With|At)/.test(key) ? 0 : value)),
  )
}

const at = (hours: number) => new Date(beginAt + hours * hourMs).toISOString()

it('keeps the most recent visits in memory', async () => {
  const { engine } = await bounded.server.sites.get('main')
  expect(engine.ended.finished.size).toBeLessThanOrEqual(1_000)
  expect(engine.ended.finished.size).toBeGreaterThan(900)
})

it.each([
  // Must come first, because reading older visits loads their names.
  'stages/stats?customerClass=founder',
  'stages/stats',
  'stages/stats?customer=Early',
  'stages/stats?department=D1&clock=elapsed',
  `stages/stats?from=${at(100)}&to=${at(200)}`,
  `stages/stats?from=${at(100)}&to=${at(600)}`,
  `stages/heatmap?metric=p90&columns=weekday&from=${at(0)}`,
  `stages/heatmap?metric=visits&rows=customer&columns=day&from=${at(0)}`,
])('answers %s as if all visits were in memory, and says what it has read', async (path) => {
  const [expected, answer, memoryFrom] = await ask(path)
  expect(answer).toEqual(expected)
  expect(memoryFrom).toBeGreaterThan(beginAt)
})

it('reads nothing when the answer needs only what is in memory', async () => {
  const [expected, answer, memoryFrom] = await ask(`stages/stats?from=${at(500)}`)
  expect(answer).toEqual(expected)
  expect(memoryFrom).toBeUndefined()
})

it('finds an order that is no longer in memory by its number', async () => {
  const [expected, answer] = await ask('orders/SO-3')
  expect((await bounded.server.sites.get('main')).engine.order('SO-3')).toBeUndefined()
  expect(answer).toEqual(expected)
})

/** The orders of all pages, and the total reported on the first page. */
async function listed({ url }: StartedServer, question: string) {
  const orders: { readonly order: string; readonly endedAt?: number }[] = []
  let cursor = ''
  let total = 0
  do {
    const { status, body } = await call(`${url}/api/v1/orders?${question}&cursor=${cursor}`)
    expect(status).toBe(200)
    const page = body as { orders: typeof orders; total: number; cursor?: string }
    orders.push(...page.orders)
    total = page.total
    cursor = page.cursor ?? ''
  } while (cursor !== '')
  return { orders, total }
}

describe('a list', () => {
  const sorts = [...orderSorts, ...orderSorts.map((sort) => `-${sort}` as const)]
  it.each(sorts.map((sort) => `sort=${sort}`))('has all that has ended, sorted by %s', async (sort) => {
    const question = `status=completed&limit=250&${sort}`
    const [all, parts] = [await listed(whole, question), await listed(bounded, question)]
    expect(parts.total).toBe(all.total)
    const { startsAt } = (await bounded.server.sites.get('main')).engine.ended
    const isOlder = ({ endedAt = Infinity }: { readonly endedAt?: number }) => endedAt < startsAt
    // Each part is sorted, and the orders in memory come first.
    expect(parts.orders).toEqual([...all.orders.filter((each) => !isOlder(each)), ...all.orders.filter(isOlder)])
    expect(all.orders.filter(isOlder).length).toBeGreaterThan(100)
  })

  it.each([
    'status=completed&customer=Early',
    'department=D1&customer=C3',
    'customerClass=founder&customerClass=&status=completed',
    `from=${at(10)}&to=${at(30)}`,
    'product=&status=completed',
    'q=so-10',
    'q=%EF%BC%B3%EF%BC%AF-1',
    'q=sf50',
    'q=early',
    'q=valve&sort=match',
    'q=%25',
    'process=default&q=O-4&sort=-age',
    'process=nothing',
  ])('has what has been forgotten and answers %s', async (question) => {
    const [all, parts] = [await listed(whole, `${question}&limit=177`), await listed(bounded, `${question}&limit=177`)]
    const byName = <T extends { readonly order: string }>(orders: T[]) =>
      orders.toSorted((a, b) => (a.order < b.order ? -1 : 1))
    const withoutAge = (orders: object[]) => orders.map(({ ageMs: _, ...order }: { ageMs?: number }) => order)
    expect(withoutAge(byName(parts.orders))).toEqual(withoutAge(byName(all.orders)))
    expect(parts.total).toBe(all.total)
  })

  it('says from when on its orders are in memory, and has the others in its file too', async () => {
    const { body } = await call(`${bounded.url}/api/v1/orders?status=completed`)
    expect(body).toHaveProperty('memoryFrom')
    const files = await Promise.all(
      [whole, bounded].map(async ({ url }) =>
        (await fetch(`${url}/api/v1/orders.csv?status=completed&sort=order`)).text(),
      ),
    )
    const [all = [], parts = []] = files.map((text) => text.trim().split('\r\n').toSorted())
    expect(parts).toEqual(all)
    expect(all).toHaveLength(601)
  })

  it('shows a lead the orders of their department only, including those no longer in memory', async () => {
    const departments = ['D1']
    const rights = { actions: new Set(['orders.read'] as const), privacy: everybody.privacy, departments }
    const caller: Caller = { kind: 'person', name: 'lead', site: 'main', ...rights }
    const { engine } = await bounded.server.sites.get('main')
    const reader = { engine, caller, audience: { ...everybody, departments } }
    const older = new OlderOrders(bounded.database, new QueryLimiter())
    const query = ordersQuery.parse({ status: 'completed', limit: '500' })
    const question = restrictQuery(query, reader.audience, [])
    const { orders, total } = await listOrders(reader, older, question, Date.now())
    expect([orders.length, total]).toEqual([200, 200])
    expect(new Set(orders.map(({ department }) => department))).toEqual(new Set(['D1']))
  })
})

it('refuses a table of what was open before memory begins', async () => {
  const reply = await call(`${bounded.url}/api/v1/stages/heatmap?metric=wip&columns=day&from=${at(0)}`)
  expect(reply.status).toBe(400)
  expect(reply.body).toMatchObject({ code: 'invalid_field', details: [{ field: 'from' }] })
})
