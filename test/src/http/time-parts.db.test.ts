import { partsAnswer } from '@stagewatch/shared/contract/analysis-parts.ts'
import type { PartsRow } from '@stagewatch/shared/contract/analysis-parts.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sendEvents } from '../harness/send-events.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from './call.ts'
import { someEvent } from './some-event.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const orders = 60
const period = 'from=2026-03-02T00:00:00Z&to=2026-03-09T00:00:00Z'
const start = Date.parse('2026-03-03T08:00:00Z')

let server: StartedServer
let key: string

/**
 * Every order waits, is on hold while it waits, and is worked on, for its own number of minutes; every fourth reports
 * nothing but its way.
 */
function eventsOf(place: number): unknown[] {
  const order = `P-${place}`
  const enteredAt = start + place * 17 * minuteMs
  const event = (after: number, type: string, more: object = {}) =>
    someEvent({
      order,
      type,
      stage: undefined,
      occurredAt: new Date(enteredAt + after * minuteMs).toISOString(),
      ...more,
    })
  const stage = ['cut', 'sew'][place % 2]
  const data = { customer: `C${place % 5}`, department: `D${place % 3}` }
  const way = [event(0, 'stage.entered', { stage, data }), event(300 + place, 'stage.completed', { stage })]
  if (place % 4 === 3) return way
  return [
    ...way,
    event(20, 'order.held', { data: { waitingFor: 'material' } }),
    event(50 + place, 'order.resumed'),
    event(120 + place, 'stage.started', { stage }),
  ]
}

beforeAll(async () => {
  server = await startServer()
  key = await server.createKey(['read'])
  const ingest = await server.createKey(['ingest'])
  await sendEvents(server.url, ingest, Array.from({ length: orders }, (_, place) => eventsOf(place)).flat())
})
afterAll(() => server.close())

interface Exact {
  readonly key: string
  readonly visits: number
  readonly total: number
  readonly waiting: number
  readonly held: number
  readonly working: number
}

it.each([
  ['stage', 'stage'],
  ['customer', `orders.customer`],
  ['department', `coalesce(visits.department, orders.department)`],
  ['weekday', `extract(isodow from entered_at at time zone (select time_zone from sites where code = 'main'))::text`],
])('tells by %s how much of the time was working, waiting and on hold, as SQL does', async (rows, name) => {
  const ms = (from: string, to: string): string => `extract(epoch from ${to} - ${from}) * 1000`
  const exact = await server.database.query<Exact>(
    `select ${name} as key, count(*)::int as visits, sum(${ms('entered_at', 'left_at')})::float8 as total,
       sum(held_ms)::float8 as held,
       coalesce(sum(${ms('entered_at', 'started_at')} - held_ms), 0)::float8 as waiting,
       coalesce(sum(${ms('started_at', 'left_at')}), 0)::float8 as working
     from visits join orders using (site, order_id)
     where site = 'main' and left_at >= '2026-03-02Z' and left_at < '2026-03-09Z' group by 1`,
  )
  expect(exact.length).toBeGreaterThan(1)
  const { status, body } = await call(`${server.url}/api/v1/analysis/parts?clock=elapsed&rows=${rows}&${period}`, {
    key,
  })
  expect(status).toBe(200)
  const answer = partsAnswer.parse(body)
  const told = answer.rows.filter(({ visits }) => visits > 0)
  expect(told.map(({ key: of }) => of).toSorted()).toEqual(exact.map(({ key: of }) => of).toSorted())
  for (const row of told)
    expectNear(
      row,
      exact.find((one) => one.key === row.key)!,
    )
  const sum = (of: keyof Omit<Exact, 'key'>): number => exact.reduce((all, one) => all + one[of], 0)
  expect([answer.total.visits, answer.total.totalMs]).toEqual([orders, sum('total')])
  expect(answer.total.causes.map(({ cause }) => cause)).toEqual(['material'])
})

function expectNear(row: PartsRow, exact: Exact): void {
  expect([row.key, row.visits, row.totalMs]).toEqual([row.key, exact.visits, exact.total])
  const limitMs = 0.0002 * exact.total + exact.visits
  expect(Math.abs(row.workingMs - exact.working)).toBeLessThanOrEqual(limitMs)
  expect(Math.abs(row.waitingMs - exact.waiting)).toBeLessThanOrEqual(limitMs)
  expect(Math.abs(row.heldMs - exact.held)).toBeLessThanOrEqual(limitMs)
  expect(row.workingMs + row.waitingMs + row.heldMs + row.unsaidMs).toBe(row.totalMs)
  expect(row.heldMs).toBeGreaterThan(hourMs)
}
