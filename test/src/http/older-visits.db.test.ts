import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { submitEvents } from '../harness/open-site.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { startServer } from '../harness/start-server.ts'
import { call } from './call.ts'

const hourMs = 3_600_000
const orderCount = 700
const beginAt = Math.floor(Date.now() / hourMs) * hourMs - 800 * hourMs
const way = ['picking', 'packing', 'shipping'] as const

/** An order an hour, each a visit of four stages, most of them completed; the first customer comes early only, and its class is another one in the end. */
function history(): OrderEvent[] {
  return Array.from({ length: orderCount }, (_, n) =>
    [...way, 'driving', undefined].slice(0, n < 600 ? 5 : 4).map((stage, i): OrderEvent => ({
      source: 'wms',
      id: `${n}-${i}`,
      order: `SO-${n}`,
      ...(stage === undefined ? { type: 'order.completed' } : { type: 'stage.entered', stage }),
      occurredAt: beginAt + n * hourMs + i * (7 + (n % 13)) * 60_000,
      data: {
        customer: n < 20 ? 'Early' : `C${n % 7}`,
        customerClass: n < 20 && i < 3 ? 'founder' : 'regular',
        department: `D${n % 3}`,
      },
    })),
  ).flat()
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

/** What both say, without when. */
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

/** They move with the clock, and the two are not asked in the same millisecond. */
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
  // First: reading older visits makes their names known.
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

it('finds an order that has been forgotten by its number, and says how far its lists reach', async () => {
  const [expected, answer] = await ask('orders/SO-3')
  expect((await bounded.server.sites.get('main')).engine.order('SO-3')).toBeUndefined()
  expect(answer).toEqual(expected)
  const { body } = await call(`${bounded.url}/api/v1/orders?status=completed`)
  expect(body).toHaveProperty('memoryFrom')
})

it('refuses a table of what was open before memory begins', async () => {
  const reply = await call(`${bounded.url}/api/v1/stages/heatmap?metric=wip&columns=day&from=${at(0)}`)
  expect(reply.status).toBe(400)
  expect(reply.body).toMatchObject({ code: 'invalid_field', details: [{ field: 'from' }] })
})
