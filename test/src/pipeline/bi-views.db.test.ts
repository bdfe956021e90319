import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { stageStatsAnswer } from '@stagewatch/shared/contract/stage-stats.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import { sendEvents } from '../harness/send-events.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'

const now = Date.parse('2026-11-22T18:00:00+08:00')
const minuteMs = 60_000

let server: StartedServer
let number = 0

function event(type: string, order: string, time: string, more: Readonly<Record<string, unknown>> = {}) {
  return { source: 'wms', id: `e-${++number}`, type, order, occurredAt: `2026-11-22T${time}:00+08:00`, ...more }
}

beforeAll(async () => {
  server = await startServer({ clock: new VirtualClock(now) })
  await sendEvents(server.url, await server.createKey(['ingest']), [
    event('order.placed', 'SO-1', '08:00', {
      data: { customer: 'Acme', product: 'Pump', department: 'North', quantity: 3, promisedAt: '2026-11-22T20:00:00Z' },
    }),
    event('stage.entered', 'SO-1', '08:10', { stage: 'picking', actor: 'u1' }),
    event('stage.started', 'SO-1', '08:15', { stage: 'picking' }),
    event('stage.entered', 'SO-1', '08:40', { stage: 'packing', data: { department: 'South' } }),
    event('order.held', 'SO-1', '08:45', { data: { reason: 'no boxes' } }),
    event('order.resumed', 'SO-1', '08:55'),
    event('stage.entered', 'SO-1', '09:00', { stage: 'picking' }),
    event('order.completed', 'SO-1', '09:05'),
    event('stage.entered', 'SO-2', '08:00', { stage: 'picking' }),
    event('stage.entered', 'SO-2', '10:00', { stage: 'packing' }),
    event('stage.entered', 'SO-3', '08:00', { stage: 'picking' }),
    event('order.cancelled', 'SO-3', '08:30'),
    event('stage.entered', 'SO-4', '08:00', { stage: 'picking' }),
    { ...event('event.voided', 'SO-4', '08:01'), data: { source: 'wms', id: `e-${number - 1}` } },
  ])
})
afterAll(() => server.close())

describe('the view of visits', () => {
  it('has a row for every visit', async () => {
    const rows = await server.database.query(
      `select order_id, visit_index, process, stage, customer, product, department, is_open, is_rework, is_cancelled,
         dwell_ms::float8, elapsed_ms::float8, held_ms::float8, waiting_ms::float8
       from bi.visits where not is_open order by order_id, visit_index`,
    )
    const visit = {
      process: 'default',
      customer: null,
      product: null,
      department: null,
      is_open: false,
      is_rework: false,
      is_cancelled: false,
      held_ms: 0,
      waiting_ms: null,
    }
    const lasting = (minutes: number) => ({ dwell_ms: minutes * minuteMs, elapsed_ms: minutes * minuteMs })
    const first = { ...visit, order_id: 'SO-1', customer: 'Acme', product: 'Pump', department: 'North' }
    expect(rows).toMatchObject([
      { ...first, visit_index: 0, stage: 'picking', ...lasting(30), waiting_ms: 5 * minuteMs },
      { ...first, visit_index: 1, stage: 'packing', department: 'South', ...lasting(20), held_ms: 10 * minuteMs },
      { ...first, visit_index: 2, stage: 'picking', ...lasting(5), is_rework: true },
      { ...visit, order_id: 'SO-2', visit_index: 0, stage: 'picking', ...lasting(120) },
      {
        ...visit,
        order_id: 'SO-3',
        visit_index: 0,
        stage: 'picking',
        ...lasting(30),
        dwell_ms: null,
        is_cancelled: true,
      },
    ])
  })

  it('lets an open visit go on by the clock of the database', async () => {
    const rows = await server.database.query(
      `select order_id, stage, dwell_ms, left_at,
         abs(elapsed_ms - extract(epoch from greatest('0', now() - entered_at)) * 1000) < 2 as goes_on
       from bi.visits where is_open`,
    )
    expect(rows).toEqual([{ order_id: 'SO-2', stage: 'packing', dwell_ms: null, left_at: null, goes_on: true }])
  })

  it('gives the numbers of the statistics', async () => {
    const { stages } = stageStatsAnswer.parse((await call(`${server.url}/api/v1/stages/stats`)).body)
    const rows = await server.database.query(
      `select stage, count(dwell_ms)::int as visits, count(distinct order_id) filter (where dwell_ms is not null)::int
         as orders, avg(dwell_ms)::float8 as "meanMs", min(dwell_ms)::float8 as "minMs", max(dwell_ms)::float8 as "maxMs",
         count(*) filter (where is_open)::int as wip, count(dwell_ms) filter (where is_rework)::int as rework
       from bi.visits where site = 'main' group by stage`,
    )
    const byStage = (rest: readonly { stage: string }[]) => rest.toSorted((a, b) => (a.stage < b.stage ? -1 : 1))
    const told = stages.map(({ stage, visits, orders, meanMs, minMs, maxMs, wip, rework }) => {
      return { stage, visits, orders, meanMs, minMs, maxMs, wip, rework }
    })
    expect(byStage(told)).toEqual(byStage(rows as { stage: string }[]))
    expect(rows).toHaveLength(2)
  })
})

describe('the view of orders', () => {
  it('has a row for every order that is not taken back', async () => {
    const rows = await server.database.query(
      `select order_id, status, stage, customer, quantity, is_open, is_held, is_on_time, lead_time_ms::float8
       from bi.orders order by order_id`,
    )
    const order = {
      customer: null,
      quantity: null,
      is_open: false,
      is_held: false,
      is_on_time: null,
      lead_time_ms: null,
    }
    const completed = { customer: 'Acme', quantity: 3, is_on_time: true, lead_time_ms: 65 * minuteMs }
    expect(rows).toEqual([
      { ...order, order_id: 'SO-1', status: 'completed', stage: null, ...completed },
      { ...order, order_id: 'SO-2', status: 'open', stage: 'packing', is_open: true },
      { ...order, order_id: 'SO-3', status: 'cancelled', stage: null },
    ])
  })
})

describe('the view of stage hours', () => {
  it('has what stood at the turn of an hour', async () => {
    const site = await server.server.sites.get('main')
    await site.captureHour()
    const rows = await server.database.query(
      `select process, stage, wip_count, overdue_count, is_missing from bi.stage_hours
       where hour_at = '2026-11-22T18:00:00+08:00' order by stage`,
    )
    const hour = { process: 'default', wip_count: 0, overdue_count: 0, is_missing: false }
    expect(rows).toEqual([
      { ...hour, stage: 'packing', wip_count: 1 },
      { ...hour, stage: 'picking' },
    ])
  })
})

describe('a hold with an end', () => {
  it('is over by the clock of the database, though no event has come', async () => {
    const held = (until: string) => ({ data: { until } })
    await sendEvents(server.url, await server.createKey(['ingest']), [
      { ...event('stage.entered', 'SO-5', '09:00', { stage: 'picking' }), occurredAt: '2020-01-01T09:00:00Z' },
      { ...event('order.held', 'SO-5', '09:10', held('2020-01-01T09:40:00Z')), occurredAt: '2020-01-01T09:10:00Z' },
      event('stage.entered', 'SO-6', '09:00', { stage: 'picking' }),
      event('order.held', 'SO-6', '09:10', held('2027-11-20T00:00:00Z')),
    ])
    // Pretends that the second hold lasts very long.
    await server.database.query(`update orders set held_until = '2999-01-01' where order_id = 'SO-6'`)
    const rows = await server.database.query(
      `select o.order_id, is_held, last_progress_at = '2020-01-01T09:40Z' as went_on, held_until is null as has_no_end,
         held_ms::float8 = ${30 * minuteMs} as for_half_an_hour
       from bi.orders o join bi.visits v using (site, order_id) where o.order_id in ('SO-5', 'SO-6') order by o.order_id`,
    )
    expect(rows).toEqual([
      { order_id: 'SO-5', is_held: false, went_on: true, has_no_end: true, for_half_an_hour: true },
      { order_id: 'SO-6', is_held: true, went_on: false, has_no_end: false, for_half_an_hour: false },
    ])
  })
})
