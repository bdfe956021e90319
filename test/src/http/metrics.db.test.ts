import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendEvents } from '../harness/send-events.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from './call.ts'
import { expectProblem } from './expect-problem.ts'
import { parseExposition } from './exposition.ts'
import { someEvent } from './some-event.ts'

const now = Date.parse('2026-11-22T09:00:00+08:00')
const hourMs = 3_600_000
const token = 'a token of some length'.replaceAll(' ', '-')

async function read(server: StartedServer): Promise<ReadonlyMap<string, number>> {
  const reply = await call(`${server.url}/metrics`)
  expect(reply.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  return parseExposition(String(reply.body))
}

describe('the metrics', () => {
  const clock = new VirtualClock(now)
  let server: StartedServer
  let key: string

  beforeAll(async () => {
    server = await startServer({ clock })
    key = await server.createKey(['ingest'])
    const stage = { code: 'packing', name: { zh: '包装', en: 'Packing' }, targetMs: hourMs, stallAfterMs: 2 * hourMs }
    const pipeline = await server.server.sites.get('main')
    await pipeline.saveProcess({
      code: 'default',
      name: { zh: '流程', en: 'Process' },
      stages: [{ ...stage, warnAtRatio: 0.8, toleranceRatio: 0.1 }],
      acceptsNewStages: false,
      goals: {},
    })
  })
  afterAll(() => server.close())

  it('count what became of events', async () => {
    const event = someEvent({ order: 'SO-planted', actor: 'u-planted', data: { customer: 'planted' } })
    await sendEvents(server.url, key, [
      event,
      event,
      someEvent({ stage: 'nowhere' }),
      someEvent({ stage: 'elsewhere' }),
    ])
    await sendEvents(server.url, key, [{ ...event, stage: 'packing', occurredAt: '2026-11-22T08:16:00+08:00' }])
    const metrics = await read(server)
    const count = (labels: string) => metrics.get(`stagewatch_events_total{site="main",${labels}}`)
    expect(count('result="accepted"')).toBe(1)
    expect(count('result="duplicate"')).toBe(1)
    expect(count('result="rejected",code="unknown_stage"')).toBe(2)
    expect(count('result="rejected",code="conflict"')).toBe(1)
    expect(metrics.get('stagewatch_commit_duration_seconds_count{site="main"}')).toBe(2)
    expect(metrics.get('stagewatch_commit_events_sum{site="main"}')).toBe(5)
    expect(metrics.get('stagewatch_events_waiting{site="main"}')).toBe(0)
    expect([...metrics.keys()].filter((series) => series.includes('planted'))).toEqual([])
  })

  it('show how the orders stand, as time goes on', async () => {
    const at = async () => {
      const metrics = await read(server)
      const stage = '{site="main",process="default",stage="packing"}'
      const names = ['wip', 'at_risk', 'overdue', 'stalled']
      return names.map((name) => metrics.get(`stagewatch_orders_${name}${stage}`))
    }
    expect(await at()).toEqual([1, 0, 0, 0])
    clock.advanceTo(now + hourMs / 12)
    expect(await at()).toEqual([1, 1, 0, 0])
    clock.advanceTo(now + hourMs / 4)
    expect(await at()).toEqual([1, 0, 1, 0])
    clock.advanceTo(now + 2 * hourMs)
    expect(await at()).toEqual([1, 0, 1, 1])
    const metrics = await read(server)
    expect(metrics.get('stagewatch_orders_open{site="main",process="default"}')).toBe(1)
    expect(metrics.get('stagewatch_source_age_seconds{site="main",source="wms"}')).toBe(7_200)
  })

  it('say how far the log is read, how boards are built and who looks on', async () => {
    const before = await read(server)
    const built = 'stagewatch_board_build_duration_seconds_count{site="main"}'
    clock.advanceTo(clock.now() + 1_000)
    await call(`${server.url}/api/v1/board`)
    const after = await read(server)
    expect((after.get(built) ?? 0) - (before.get(built) ?? 0)).toBeGreaterThanOrEqual(1)
    expect(after.get('stagewatch_log_position{site="main"}')).toBeGreaterThan(0)
    expect(after.get('stagewatch_sockets_connected')).toBe(0)
    expect(after.get('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0)
  })

  it('are all described in their document', async () => {
    const document = readFileSync(join(import.meta.dirname, '../../../docs/operating/metrics.md'), 'utf8')
    const text = String((await call(`${server.url}/metrics`)).body)
    const told = [...text.matchAll(/^# TYPE (stagewatch_\w+)/gm)].map(([, name]) => name)
    const documented = [...document.matchAll(/^\| `(stagewatch_\w+)`/gm)].map(([, name]) => name)
    expect(new Set(documented)).toEqual(new Set(told))
  })
})

describe('who may read the metrics', () => {
  let server: StartedServer

  beforeAll(async () => {
    server = await startServer({ variables: { PUBLIC_URL: 'https://wall.example', METRICS_TOKEN: token } })
  })
  afterAll(() => server.close())

  it('who shows the token', async () => {
    expect((await call(`${server.url}/metrics`, { key: token })).status).toBe(200)
  })

  it('nobody without it, with another, or with a key', async () => {
    const readers = [{}, { key: `${token}.` }, { key: await server.createKey(['read', 'admin']) }]
    for (const reader of readers) expectProblem(await call(`${server.url}/metrics`, reader), 401, 'unauthorized')
  })

  it('anybody on the machine itself while reads are open there, but not by a wrong token', async () => {
    const open = await startServer()
    expect((await call(`${open.url}/metrics`)).status).toBe(200)
    expectProblem(await call(`${open.url}/metrics`, { key: token }), 401, 'unauthorized')
    await open.close()
  })
})
