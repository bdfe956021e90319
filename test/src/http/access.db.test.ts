import { request } from 'node:http'
import { VirtualClock } from '@stagewatch/server/clock/virtual-clock.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from './call.ts'
import { expectProblem } from './expect-problem.ts'
import { someEvent } from './some-event.ts'

const clock = new VirtualClock(Date.UTC(2026, 10, 22, 12))
let server: StartedServer

beforeAll(async () => {
  server = await startServer({ clock })
})
afterAll(() => server.close())

const reads = [
  '/api/v1/board',
  '/api/v1/kpis',
  '/api/v1/stages/stats',
  '/api/v1/stages/heatmap',
  '/api/v1/orders',
  '/api/v1/orders/SO-1',
]

/** `fetch` sends the name of the host that it calls; a rebound name is another. */
function statusFor(path: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url)
    const sent = request({ hostname, port, path, headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on('error', reject)
    sent.end()
  })
}

describe('who may send events', () => {
  const send = (key?: string) =>
    call(`${server.url}/api/v1/events`, { body: someEvent(), ...(key !== undefined && { key }) })

  it('nobody without a key', async () => {
    const reply = await send()
    expectProblem(reply, 401, 'unauthorized')
    expect(reply.headers.get('www-authenticate')).toBe('Bearer')
  })

  it('nobody with an unknown key', async () => {
    expectProblem(await send('sw_unknown'), 401, 'unauthorized')
  })

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b', 'bearer\t'])('nobody with "%s"', async (authorization) => {
    const reply = await call(`${server.url}/api/v1/events`, { body: someEvent(), headers: { authorization } })
    expectProblem(reply, 401, 'unauthorized')
  })

  it('nobody whose key has another scope', async () => {
    expectProblem(await send(await server.createKey(['read'])), 403, 'forbidden')
  })

  it('a key that was revoked no more', async () => {
    const key = await server.createKey(['ingest'])
    expect((await send(key)).status).toBe(200)
    await server.database.query('update api_keys set revoked_at = now()')
    clock.advanceTo(clock.now() + 5_000)
    expectProblem(await send(key), 401, 'unauthorized')
  })
})

describe('who may read', () => {
  it.each(reads)('a key with another scope not %s', async (path) => {
    const reply = await call(`${server.url}${path}`, { key: await server.createKey(['ingest']) })
    expectProblem(reply, 403, 'forbidden')
  })

  it.each(reads)('a browser on this machine %s, not one that was sent here under another name', async (path) => {
    expect(await statusFor(path, new URL(server.url).host)).toBeOneOf([200, 404])
    for (const host of ['evil.example', 'evil.example:4000', 'localhost.evil.example', '127.0.0.1.evil.example'])
      expect(await statusFor(path, host)).toBe(401)
  })

  it.each([
    ['GET', '/api/v1/admin/processes'],
    ['GET', '/api/v1/admin/doctor'],
    ['POST', '/api/v1/admin/rebuild'],
    ['POST', '/api/v1/admin/migrate'],
  ])('only an administrator %s %s', async (method, path) => {
    expectProblem(await call(`${server.url}${path}`, { method }), 401, 'unauthorized')
    const key = await server.createKey(['read', 'ingest'])
    expectProblem(await call(`${server.url}${path}`, { method, key }), 403, 'forbidden')
  })
})

describe('sites', () => {
  it('are closed to the keys of others', async () => {
    const [one, other] = [await server.createKey(['ingest', 'read'], 'one'), await server.createKey(['read'], 'other')]
    await call(`${server.url}/api/v1/events`, { key: one, body: someEvent({ order: 'SECRET-1', stage: 'vault' }) })
    for (const asked of ['', '?site=one']) {
      const read = (path: string) => call(`${server.url}${path}${asked}`, { key: other })
      expectProblem(await read('/api/v1/orders/SECRET-1'), 404, 'not_found')
      expect((await read('/api/v1/orders')).body).toMatchObject({ orders: [], total: 0 })
      expect((await read('/api/v1/board')).body).toMatchObject({ site: { code: 'other' }, stageOrder: [] })
      expect((await read('/api/v1/stages/stats')).body).toMatchObject({ stages: [] })
      expect((await read('/api/v1/stages/heatmap')).body).toMatchObject({ rows: [] })
    }
    expect((await call(`${server.url}/api/v1/orders/SECRET-1`, { key: one })).status).toBe(200)
  })

  it('may use the same identity of an event, each for itself', async () => {
    const event = someEvent()
    for (const site of ['one', 'other']) {
      const reply = await call(`${server.url}/api/v1/events`, {
        key: await server.createKey(['ingest'], site),
        body: event,
      })
      expect(reply.body).toMatchObject({ accepted: 1 })
    }
  })
})

describe('somebody who tries keys', () => {
  it('is slowed down, while keys that are in use go on working', async () => {
    const used = await server.createKey(['read'])
    const read = (key: string) => call(`${server.url}/api/v1/board`, { key })
    expect((await read(used)).status).toBe(200)
    clock.advanceTo(clock.now() + 60_000)
    for (let i = 0; i < 20; i++) expectProblem(await read(`sw_guess-${i}`), 401, 'unauthorized')
    const reply = await read('sw_guess-20')
    expectProblem(reply, 429, 'rate_limited')
    expect(Number(reply.headers.get('retry-after'))).toBe(60)
    expect((await read(used)).status).toBe(200)
    clock.advanceTo(clock.now() + 60_000)
    expectProblem(await read('sw_guess-21'), 401, 'unauthorized')
  })
})
