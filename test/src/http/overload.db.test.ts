import { createApp } from '@stagewatch/server/app.ts'
import type { App } from '@stagewatch/server/app.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { LoadMonitor } from '@stagewatch/server/platform/load/load-monitor.ts'
import { systemClock } from '@stagewatch/server/platform/clock/clock.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { shedWork } from '@stagewatch/shared/contract/server-status.ts'
import type { ShedWork } from '@stagewatch/shared/contract/server-status.ts'
import type { BoardHeartbeat, ClientToServer, ServerToClient } from '@stagewatch/shared/contract/socket.ts'
import { pino } from 'pino'
import type { Socket } from 'socket.io-client'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { startServer } from '../harness/start-server.ts'
import { parseExposition } from './exposition.ts'
import { someEvent } from './some-event.ts'

let database: Database
let app: App
let load: LoadMonitor
let level = 0
let ingestKey: string
let readKey: string
let otherKey: string

beforeAll(async () => {
  database = await openTestDatabase()
  const logger = pino({ level: 'silent' })
  load = new LoadMonitor({ logger, fixedLevel: () => level })
  app = await createApp({ database, clock: systemClock, logger, load })
  await app.http.ready()
  const create = async (name: string, scopes: ('ingest' | 'read')[]) =>
    (await app.keys.create('main', { name, scopes })).key
  await app.sites.getOrCreate('main')
  ingestKey = await create('erp', ['ingest'])
  readKey = await create('reader', ['read'])
  otherKey = await create('other', ['read'])
})
afterAll(async () => {
  await app.http.close()
  await database.close()
})

async function ask(url: string, key = readKey, body?: unknown, headers: Record<string, string> = {}) {
  const response = await app.http.inject({
    method: body === undefined ? 'GET' : 'POST',
    url,
    headers: { host: 'localhost', authorization: `Bearer ${key}`, ...headers },
    ...(body !== undefined && { payload: body as object }),
  })
  return {
    status: response.statusCode,
    body: response.json<unknown>(),
    retryAfter: response.headers['retry-after'],
    age: response.headers['age'],
  }
}

/** What shows whether each kind of work is still done. Boards and sockets are not asked for by requests. */
const probes: Readonly<Partial<Record<ShedWork, () => ReturnType<typeof ask>>>> = {
  exports: () =>
    ask('/api/v1/events', ingestKey, [someEvent({ id: `import-${Math.random()}` })], { 'x-stagewatch-import': 'on' }),
  history: () => ask(`/api/v1/stages/stats?customer=c${Math.random()}`),
  orders: () => ask('/api/v1/orders'),
  reads: () => ask('/api/v1/board'),
  events: () => ask('/api/v1/events', ingestKey, [someEvent({ id: `live-${Math.random()}` })]),
}

async function storedCount(): Promise<number> {
  const [row] = await database.query<{ count: number }>('select count(*)::int as count from events')
  return row?.count ?? 0
}

describe('the sockets of an overloaded server', () => {
  it('stay, say how often they are updated, and take no new ones and no new queries of lists', async () => {
    let now = 0
    const server = await startServer({ fixedLoadLevel: () => now })
    const key = await server.createKey(['read', 'admin'])
    const socket = (): Socket<ServerToClient, ClientToServer> =>
      io(server.url, { auth: { token: key }, transports: ['websocket'], forceNew: true, reconnection: false })
    const known = socket()
    try {
      const heartbeats: BoardHeartbeat[] = []
      known.on('board:pulse', (heartbeat) => heartbeats.push(heartbeat))
      expect(await known.emitWithAck('board:join', { board: 'overview' })).toMatchObject({ ok: true })
      await eventually(() => expect(heartbeats.length).toBeGreaterThan(0))
      expect(heartbeats.at(-1)).not.toHaveProperty('reducedMs')
      const watch = { kind: 'orders', search: '' } as const
      now = shedWork.indexOf('orders') + 1
      expect(await known.emitWithAck('query:watch', watch)).toEqual({ ok: false, code: 'overloaded' })
      await eventually(() => expect(heartbeats.at(-1)).toMatchObject({ reducedMs: 5_000 }))
      now = shedWork.indexOf('sockets') + 1
      const stranger = socket()
      const refused = await new Promise<Error>((resolve) => void stranger.on('connect_error', resolve))
      stranger.disconnect()
      expect(refused.message).toBe('overloaded')
      expect(known.connected).toBe(true)
      const headers = { authorization: `Bearer ${key}` }
      const metrics = parseExposition(await (await fetch(`${server.url}/metrics`)).text())
      expect(metrics.get('stagewatch_load_level')).toBe(6)
      expect(metrics.get('stagewatch_shed_requests_total{work="sockets"}')).toBe(1)
      const status: unknown = await (await fetch(`${server.url}/api/v1/admin/status`, { headers })).json()
      expect(status).toMatchObject({ server: { load: { level: 6, lastShed: 'sockets', reducedMs: 5_000 } } })
      now = 0
      expect(await known.emitWithAck('query:watch', watch)).toMatchObject({ ok: true })
      await eventually(() => expect(heartbeats.at(-1)).not.toHaveProperty('reducedMs'))
    } finally {
      known.disconnect()
      await server.close()
    }
  })
})

describe('an overloaded server', () => {
  it('gives up its work in the order, each with the time of a retry, and stores nothing that it refuses', async () => {
    for (level = 0; level <= shedWork.length; level++) {
      for (const [work, probe] of Object.entries(probes) as [ShedWork, () => ReturnType<typeof ask>][]) {
        const before = await storedCount()
        const answer = await probe()
        const isRefused = shedWork.indexOf(work) < level
        const status = !isRefused ? 200 : work === 'events' ? 429 : 503
        expect([level, work, answer.status]).toEqual([level, work, status])
        if (!isRefused) continue
        expect(problem.parse(answer.body).code).toBe(work === 'events' ? 'rate_limited' : 'overloaded')
        expect(Number(answer.retryAfter)).toBeGreaterThanOrEqual(1)
        expect(Number(answer.retryAfter)).toBeLessThanOrEqual(5)
        expect(await storedCount()).toBe(before)
      }
    }
    expect(load.refused.exports).toBe(8)
    expect(load.refused.events).toBe(1)
    level = 0
  })

  it('spreads the retries of those whom it refuses', async () => {
    level = 8
    const refused = await Promise.all(Array.from({ length: 100 }, () => ask('/api/v1/orders')))
    expect(new Set(refused.map(({ retryAfter }) => retryAfter)).size).toBeGreaterThan(2)
    level = 0
  })

  it('gives the last answers of its statistics again, to the same caller only and until permissions change', async () => {
    const url = '/api/v1/stages/stats'
    const fresh = await ask(url)
    level = 2
    expect(await ask(url)).toMatchObject({
      status: 200,
      body: fresh.body,
      age: expect.stringMatching(/^\d+$/) as string,
    })
    // What is given again does not become younger by that.
    expect((await ask(url)).age).toBeDefined()
    expect((await ask(url, otherKey)).status).toBe(503)
    expect((await ask('/api/v1/stages/stats', 'sw_wrong')).status).toBe(401)
    app.expireCallers()
    expect((await ask(url)).status).toBe(503)
    level = 0
    expect((await ask(url)).age).toBeUndefined()
  })

  it('stays ready, says so, and shows its level to monitoring', async () => {
    level = 8
    expect(await ask('/readyz')).toMatchObject({ status: 503 })
    app.markReady()
    expect(await ask('/readyz')).toMatchObject({ status: 200, body: { loadLevel: 8 } })
    expect((await ask('/healthz')).status).toBe(200)
    expect((await ask('/api/v1/start')).status).toBe(200)
    level = 0
    expect((await ask('/readyz')).body).toEqual({ status: 'ok' })
  })

  it('sends its boards less often from the third and the fourth level on', async () => {
    const cadence: number[] = []
    for (level of [2, 3, 4, 8]) {
      cadence.push(load.cadenceMs)
    }
    expect(cadence).toEqual([250, 1_000, 5_000, 5_000])
    level = 0
    expect([load.cadenceMs, load.reducedCadenceMs]).toEqual([250, undefined])
  })
})
