import { request } from 'node:http'
import { json } from 'node:stream/consumers'
import { startInfo } from '@stagewatch/shared/contract/start.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from './call.ts'
import { expectProblem } from './expect-problem.ts'
import { rawBody, rawRequest } from './raw-request.ts'
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

/** Unlike `fetch`, which always sends the host it connects to, this can send another `Host`, as after DNS rebinding. */
function get(path: string, headers: Readonly<Record<string, string>>): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url)
    const sent = request({ hostname, port, path, headers }, (response) => {
      json(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject)
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

  it('nobody with a revoked key', async () => {
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

  const { host } = new URL('http://localhost:4000')

  it.each(reads)('a browser on this machine %s, not one whose request a proxy has handed on', async (path) => {
    expect((await get(path, { host })).status).toBeOneOf([200, 404])
    for (const [name, value] of [
      ['x-forwarded-for', '203.0.113.5'],
      ['x-forwarded-proto', 'https'],
      ['X-Forwarded-Server', 'proxy'],
      ['forwarded', 'for=203.0.113.5'],
      ['via', '1.1 proxy'],
      ['x-real-ip', '203.0.113.5'],
      ['cf-connecting-ip', '203.0.113.5'],
    ] as const)
      expectProblem(await get(path, { host, [name]: value }), 401, 'unauthorized')
  })

  it('nobody through a proxy that says nothing of itself but speaks HTTP/1.0', async () => {
    const reply = await rawRequest(server.url, 'GET /api/v1/board HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n')
    expectProblem({ status: reply.status, body: rawBody(reply.text) }, 401, 'unauthorized')
  })

  it('whoever has a key, through a proxy as well', async () => {
    const authorization = `Bearer ${await server.createKey(['read'])}`
    expect((await get('/api/v1/board', { host, authorization, 'x-forwarded-for': '203.0.113.5' })).status).toBe(200)
  })

  it('the metrics not through a proxy', async () => {
    expectProblem(await get('/metrics', { host, via: '1.1 proxy' }), 401, 'unauthorized')
  })

  it.each([
    ['GET', '/api/v1/admin/processes'],
    ['GET', '/api/v1/admin/doctor'],
    ['POST', '/api/v1/admin/rebuild'],
  ])('only an administrator %s %s', async (method, path) => {
    expectProblem(await call(`${server.url}${path}`, { method }), 401, 'unauthorized')
    const key = await server.createKey(['read', 'ingest'])
    expectProblem(await call(`${server.url}${path}`, { method, key }), 403, 'forbidden')
  })
})

describe('a request to a host that is not this server', () => {
  const others = ['evil.example', 'evil.example:4000', 'localhost.evil.example', '127.0.0.1.evil.example', '10.9.8.7']

  it.each([
    ...reads,
    '/',
    '/wall',
    '/sign-in',
    '/healthz',
    '/readyz',
    '/metrics',
    '/docs',
    '/nothing',
    '/api/v1/start',
  ])('is refused, key or not: %s', async (path) => {
    const authorization = `Bearer ${await server.createKey(['read'])}`
    for (const host of others) {
      expectProblem(await get(path, { host }), 421, 'unknown_host')
      expectProblem(await get(path, { host, authorization }), 421, 'unknown_host')
    }
  })

  it('is refused at the address of the sockets as well', async () => {
    for (const transport of ['polling', 'websocket']) {
      const reply = await get(`/socket.io/?EIO=4&transport=${transport}`, { host: 'evil.example' })
      expectProblem(reply, 421, 'unknown_host')
    }
  })

  it('is answered when it names none, as health checks in HTTP/1.0 do', async () => {
    const reply = await rawRequest(server.url, 'GET /readyz HTTP/1.0\r\n\r\n')
    expect(reply.status).toBe(200)
    const read = await rawRequest(server.url, 'GET /api/v1/board HTTP/1.0\r\n\r\n')
    expect(read.status).toBe(401)
  })
})

describe('a server', () => {
  it('that cannot listen says what to do', async () => {
    const { port } = new URL(server.url)
    const { database } = server
    const failing = startServer({ database, port })
    await expect(failing).rejects.toThrow(`PORT: ${port} is in use on 127.0.0.1: stop the program`)
    const elsewhere = startServer({ database, variables: { HOST: '192.0.2.1' } })
    await expect(elsewhere).rejects.toThrow('HOST: 192.0.2.1 is not an address of this machine')
  })

  it('that listens on every address is reached, and leads, to where people can open it', async () => {
    const open = await startServer({ database: server.database, variables: { HOST: '0.0.0.0' } })
    try {
      expect(open.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      const links = [...open.server.urls, open.server.identity.linkTo('setup', 'x')]
      expect(links.filter((link) => link.includes('0.0.0.0'))).toEqual([])
      expect((await call(`${open.url}/readyz`)).status).toBe(200)
      expectProblem(await call(`${open.url}/api/v1/board`), 401, 'unauthorized')
    } finally {
      await open.close()
    }
  })
})

describe('the start page', () => {
  const sites = async (headers: Readonly<Record<string, string>>) => {
    const { body } = await get('/api/v1/start', { host: 'localhost', ...headers })
    return startInfo.parse(body).sites
  }

  it('lists the sites to who may see them', async () => {
    const key = await server.createKey(['read'], 'one')
    await server.createKey(['read'], 'other')
    expect((await sites({})).map(({ code }) => code)).toEqual(expect.arrayContaining(['main', 'one', 'other']))
    const forwarded = { 'x-forwarded-for': '203.0.113.5' }
    expect(await sites(forwarded)).toEqual([])
    expect(await sites({ ...forwarded, authorization: 'Bearer sw_unknown' })).toEqual([])
    const own = await sites({ ...forwarded, authorization: `Bearer ${key}` })
    expect(own).toMatchObject([{ code: 'one', events: 0, openOrders: 0 }])
  })

  it('shows no figures to those who may only send events', async () => {
    const key = await server.createKey(['ingest'], 'one')
    const [site] = await sites({ authorization: `Bearer ${key}` })
    expect(site).toMatchObject({ code: 'one' })
    expect(site).not.toHaveProperty('events')
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
  it('is slowed down, while valid keys keep working, even those not used before', async () => {
    const used = await server.createKey(['read'])
    const read = (key: string) => call(`${server.url}/api/v1/board`, { key })
    expect((await read(used)).status).toBe(200)
    clock.advanceTo(clock.now() + 60_000)
    for (let i = 0; i < 20; i++) expectProblem(await read(`sw_guess-${i}`), 401, 'unauthorized')
    const reply = await read('sw_guess-20')
    expectProblem(reply, 429, 'rate_limited')
    expect(Number(reply.headers.get('retry-after'))).toBe(60)
    expect((await read(used)).status).toBe(200)
    expect((await read(await server.createKey(['read']))).status).toBe(200)
    clock.advanceTo(clock.now() + 60_000)
    expectProblem(await read('sw_guess-21'), 401, 'unauthorized')
  })
})
