import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { heatmapAnswer } from '@stagewatch/shared/contract/heatmap.ts'
import type { HeatmapAnswer } from '@stagewatch/shared/contract/heatmap.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from './call.ts'
import { expectProblem } from './expect-problem.ts'
import { someEvent } from './some-event.ts'

const hourMs = 3_600_000
/** A Sunday, 12:30 UTC; the days of the site are in UTC. */
const now = Date.UTC(2026, 10, 22, 12, 30)
let server: StartedServer

/** A visit of `cut`, whose target is 4 h; `from` and `to` are hours before now. */
function visit(order: string, from: number, to?: number, data: Readonly<Record<string, unknown>> = {}) {
  const at = (hours: number) => new Date(now - hours * hourMs).toISOString()
  const entered = someEvent({ order, stage: 'cut', occurredAt: at(from), data })
  if (to === undefined) return [entered]
  return [entered, someEvent({ order, type: 'stage.completed', stage: 'cut', occurredAt: at(to) })]
}

const events = [
  ...visit('A', 10, 9, { customer: 'Acme', customerClass: 'A' }),
  ...visit('B', 10, 3, { customer: 'Acme', customerClass: 'A' }),
  ...visit('C', 6, undefined, { customer: 'Beta', customerClass: 'B' }),
  ...visit('D', 2),
]

beforeAll(async () => {
  server = await startServer({ clock: new VirtualClock(now) })
  const name = { zh: 'plant', en: 'plant' }
  await server.database.query(`insert into sites (code, name, time_zone) values ('plant', '{}', 'UTC')`)
  const pipeline = await server.server.sites.get('plant')
  await pipeline.saveProcess({
    code: 'default',
    name,
    stages: [{ code: 'cut', name, warnAtRatio: 0.8, toleranceRatio: 0.1, targetMs: 4 * hourMs }],
    acceptsNewStages: true,
    goals: {},
  })
  const key = await server.createKey(['ingest'], 'plant')
  const reply = await call(`${server.url}/api/v1/events`, { key, body: events })
  expect(reply.body).toMatchObject({ accepted: events.length })
})
afterAll(() => server.close())

async function heatmap(query: Readonly<Record<string, string>>): Promise<HeatmapAnswer> {
  const parameters = new URLSearchParams({ site: 'plant', ...query }).toString()
  const reply = await call(`${server.url}/api/v1/stages/heatmap?${parameters}`)
  expect(reply.status).toBe(200)
  return heatmapAnswer.parse(reply.body)
}

/** Only the columns that have values. */
function told(answer: HeatmapAnswer): Record<string, Record<string, number>> {
  return Object.fromEntries(
    answer.rows.map(({ key }, row) => [
      key,
      Object.fromEntries(
        answer.columns.flatMap((column, i) => {
          const value = answer.cells[row]?.[i]
          return value === null || value === undefined || value === 0 ? [] : [[label(answer, column), value]]
        }),
      ),
    ]),
  )
}

function label({ columns }: HeatmapAnswer, column: number): string {
  const isInstant = (columns[0] ?? 0) > 100
  return isInstant ? new Date(column).toISOString().slice(5, 13) : String(column)
}

describe('the heat map', () => {
  it('shows the last 24 hours of the breach ratio by stage without being asked for more', async () => {
    const answer = await heatmap({})
    expect(answer).toMatchObject({ metric: 'breachRatio', basis: 'snapshot', asOf: now })
    expect(answer.rows).toEqual([{ key: 'cut', name: { zh: 'plant', en: 'plant' }, process: 'default' }])
    expect(answer.columns).toHaveLength(24)
    expect(answer.columns.at(-1)).toBe(Date.UTC(2026, 10, 22, 12))
    // B is past its target from 06:30 and leaves at 09:30; C is past it from 10:30.
    expect(told(answer)).toEqual({
      cut: { '11-22T07': 1 / 2, '11-22T08': 1 / 2, '11-22T09': 1 / 2, '11-22T11': 1 / 2, '11-22T12': 1 / 2 },
    })
    expect(answer.counts[0]?.slice(-10)).toEqual([2, 1, 1, 1, 2, 2, 2, 1, 2, 2])
  })

  it('of open orders by stage and by customer adds up', async () => {
    const byStage = await heatmap({ metric: 'wip' })
    const byCustomer = await heatmap({ metric: 'wip', rows: 'customer' })
    expect(byCustomer.basis).toBe('snapshot')
    expect(byCustomer.rows.map(({ key }) => key)).toEqual(['', 'Acme', 'Beta'])
    const sums = byCustomer.columns.map((_, i) => byCustomer.cells.reduce((sum, row) => sum + (row[i] ?? 0), 0))
    expect(sums).toEqual(byStage.cells[0])
    expect(told(byCustomer)['Beta']).toEqual(
      Object.fromEntries(['07', '08', '09', '10', '11', '12'].map((hour) => [`11-22T${hour}`, 1])),
    )
  })

  it('of a class of customers is that of its customers', async () => {
    for (const metric of ['wip', 'visits', 'breachRatio']) {
      const byClass = told(await heatmap({ metric, rows: 'customerClass' }))
      const byCustomer = told(await heatmap({ metric, rows: 'customer' }))
      const names = Object.entries({ '': '', A: 'Acme', B: 'Beta' }).filter(([, customer]) => customer in byCustomer)
      expect(byClass).toEqual(Object.fromEntries(names.map(([name, customer]) => [name, byCustomer[customer]])))
      expect(told(await heatmap({ metric, customerClass: 'A' }))).toEqual(
        told(await heatmap({ metric, customer: 'Acme' })),
      )
    }
  })

  it('of open orders of one customer by stage is counted from the orders', async () => {
    expect(told(await heatmap({ metric: 'wip', customer: 'Acme' }))).toEqual({
      cut: { '11-22T03': 2, ...Object.fromEntries(['04', '05', '06', '07', '08', '09'].map((h) => [`11-22T${h}`, 1])) },
    })
  })

  it('of days shows their end, and today as it is now', async () => {
    const answer = await heatmap({ metric: 'wip', columns: 'day' })
    expect(answer.columns).toHaveLength(14)
    expect(told(answer)).toEqual({ cut: { '11-22T00': 2 } })
    expect(told(await heatmap({ columns: 'day' }))).toEqual({ cut: { '11-22T00': 1 / 2 } })
  })

  it('of hours of the day averages the turns of the span', async () => {
    const span = { from: '2026-11-21T00:00:00Z', to: '2026-11-23T00:00:00Z' }
    const wip = told(await heatmap({ ...span, metric: 'wip', columns: 'hourOfDay' }))
    // The span contains 03:00 twice so far, and 13:00 once, when nothing was open.
    expect(wip['cut']).toMatchObject({ 3: 1, 4: 0.5, 12: 1 })
    expect(wip['cut']).not.toHaveProperty('13')
    const ratio = told(await heatmap({ ...span, columns: 'weekday' }))
    expect(Object.keys(ratio['cut'] ?? {})).toEqual(['7'])
  })

  it('of finished visits counts them where they ended', async () => {
    expect(told(await heatmap({ metric: 'visits' }))).toEqual({ cut: { '11-22T03': 1, '11-22T09': 1 } })
    const p50 = await heatmap({ metric: 'p50', rows: 'customer', columns: 'day' })
    expect(p50).toMatchObject({ basis: 'finished', rows: [{ key: 'Acme' }] })
    expect(p50.cells[0]?.slice(0, 13)).toEqual(Array.from({ length: 13 }, () => null))
    expect(p50.cells[0]?.[13]).toBeGreaterThan(0.99 * hourMs)
    expect(p50.cells[0]?.[13]).toBeLessThan(1.01 * hourMs)
    expect(p50.counts[0]?.[13]).toBe(2)
    const ratio = await heatmap({ metric: 'breachRatio', customer: 'Acme', columns: 'weekday' })
    expect(ratio.basis).toBe('finished')
    expect(told(ratio)).toEqual({ cut: { 7: 1 / 2 } })
  })

  it('cuts finished visits at the ends of the span', async () => {
    const span = { metric: 'visits', to: new Date(now - 3 * hourMs).toISOString() }
    expect(told(await heatmap(span))).toEqual({ cut: { '11-22T03': 1 } })
    expect(told(await heatmap({ ...span, from: new Date(now - 9 * hourMs + 1).toISOString() }))).toEqual({ cut: {} })
  })

  it.each([
    ['metric=mean', 'metric'],
    ['rows=order', 'rows'],
    ['columns=minute', 'columns'],
    ['from=2026-11-23T00:00:00Z', 'from'],
    ['from=2016-11-22T00:00:00Z', 'from'],
    ['from=2016-11-22T00:00:00Z&columns=weekday', 'from'],
    ['from=2026-11-22T00:00:00Z&to=2026-11-22T00:00:00Z', 'from'],
    ['from=2026-11-22', 'from'],
    ['to=2026-02-30T00:00:00Z', 'to'],
    ['rows=stage&rows=product', 'rows'],
    ['order=SO-1', 'order'],
  ])('refuses ?%s', async (query, field) => {
    const reply = await call(`${server.url}/api/v1/stages/heatmap?site=plant&${query}`)
    expectProblem(reply, 400, 'invalid_field')
    expect(reply.body).toMatchObject({ details: [{ field }] })
  })

  it('says nothing of breaches where no visit had a target', async () => {
    const key = await server.createKey(['ingest', 'read'], 'unjudged')
    const body = [...visit('A', 10, 3, { customer: 'Acme' }), ...visit('B', 5)]
    expect((await call(`${server.url}/api/v1/events`, { key, body })).body).toMatchObject({ accepted: body.length })
    const ask = async (query: string): Promise<HeatmapAnswer> => {
      const reply = await call(`${server.url}/api/v1/stages/heatmap?columns=weekday&${query}`, { key })
      return heatmapAnswer.parse(reply.body)
    }
    for (const [query, basis] of [
      ['', 'snapshot'],
      ['customer=Acme', 'finished'],
    ] as const) {
      const answer = await ask(query)
      expect(answer).toMatchObject({ metric: 'breachRatio', basis })
      expect(told(answer)).toEqual({ cut: {} })
      expect(answer.counts.flat().some((count) => count > 0)).toBe(true)
    }
  })

  it('refuses a table of more than ten thousand cells', async () => {
    const key = await server.createKey(['ingest', 'read'], 'crowded')
    const crowd = Array.from({ length: 500 }, (_, i) => {
      const occurredAt = new Date(now - (i % 20) * hourMs).toISOString()
      return someEvent({ type: 'stage.completed', occurredAt, data: { customer: `customer ${i}` } })
    })
    await call(`${server.url}/api/v1/events`, { key, body: crowd })
    for (const metric of ['visits', 'wip', 'breachRatio']) {
      const ask = (columns: string) =>
        call(`${server.url}/api/v1/stages/heatmap?rows=customer&metric=${metric}&columns=${columns}`, { key })
      if (metric !== 'wip') expectProblem(await ask('hour'), 400, 'invalid_field')
      expect((await ask('weekday')).status).toBe(200)
    }
  })
})

it('a terminal stage, in which no order spends time, has a row only where ended visits are counted', async () => {
  await server.database.query(`insert into sites (code, name, time_zone) values ('port', '{}', 'UTC')`)
  const name = { zh: 'port', en: 'port' }
  const stage = { name, warnAtRatio: 0.8, toleranceRatio: 0.1 }
  await (
    await server.server.sites.get('port')
  ).saveProcess({
    code: 'default',
    name,
    stages: [
      { ...stage, code: 'load', targetMs: 4 * hourMs },
      { ...stage, code: 'signed', terminal: true },
    ],
    acceptsNewStages: false,
    goals: {},
  })
  const rowsOf = async (metric: string) => (await heatmap({ site: 'port', metric })).rows.map(({ key }) => key)
  expect(await rowsOf('breachRatio')).toEqual(['load'])
  expect(await rowsOf('wip')).toEqual(['load'])
  expect(await rowsOf('visits')).toEqual(['load', 'signed'])
})
