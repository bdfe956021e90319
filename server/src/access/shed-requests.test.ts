import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { shedWork } from '@stagewatch/shared/contract/server-status.ts'
import type { ShedWork } from '@stagewatch/shared/contract/server-status.ts'
import type { InjectOptions } from 'fastify'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { TrustedProxies } from '../platform/http/client-address.ts'
import { newHttpApp } from '../platform/http/http-app.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { CachedAnswers } from '../platform/load/cached-answers.ts'
import { LoadMonitor } from '../platform/load/load-monitor.ts'
import { FailedAttempts } from '../platform/rate-limits/failed-attempts.ts'
import type { Caller } from './caller.ts'
import { requireRouteAccess } from './route-access.ts'
import { shedRequests } from './shed-requests.ts'

/** Of routes that answer with anything. */
const schema = { response: { 200: z.unknown(), 404: z.unknown() } }

const lead: Caller = {
  kind: 'person',
  name: 'li@example.com',
  id: 'p1',
  role: 'lead',
  site: 'main',
  actions: new Set(['numbers.read', 'orders.read', 'orders.act', 'events.append']),
  departments: ['east'],
  privacy: openPrivacy,
}
const logger = pino({ level: 'silent' })
let caller: Caller
let level: number | undefined
let load: LoadMonitor
let http: TypedApp
/** Handlers that ran. */
let answered: number
/** What a handler waits for before it answers. */
let held: Promise<void>

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setInterval'] })
  caller = lead
  level = 0
  answered = 0
  held = Promise.resolve()
  openApp(new LoadMonitor({ logger, fixedLevel: () => level ?? 0 }))
})
afterEach(async () => {
  load.close()
  await http.close()
  vi.useRealTimers()
})

function openApp(monitor: LoadMonitor): void {
  load = monitor
  http = newHttpApp(logger)
  shedRequests(http, load, new CachedAnswers())
  requireRouteAccess(http, {
    keys: { find: () => Promise.resolve(undefined) },
    failures: new FailedAttempts(new VirtualClock(0)),
    proxies: new TrustedProxies(),
    localAdminToken: 'local-admin-token',
    readsOpen: false,
    defaultSite: () => 'main',
    findPerson: () => Promise.resolve(caller),
  })
  const handler = async () => {
    answered += 1
    const body = { answered }
    await held
    return body
  }
  http.get('/api/v1/numbers', { schema, config: { access: 'numbers.read' }, handler })
  http.post('/api/v1/numbers', { schema, config: { access: 'numbers.read' }, handler })
  http.get('/api/v1/orders', { schema, config: { access: 'orders.read' }, handler })
  http.get('/api/v1/file', { schema, config: { access: 'orders.read', load: 'exports' }, handler })
  http.get('/api/v1/me', { schema, config: { access: 'identified' }, handler })
  http.post('/api/v1/events', { schema, config: { access: 'events.append' }, handler })
  http.get('/api/v1/status', { schema, config: { access: 'identified', load: 'never' }, handler })
  http.get('/healthz', { handler })
  http.get('/api/v1/numbers/missing', {
    schema,
    config: { access: 'numbers.read' },
    handler: (_, reply) => reply.code(404).send({ code: 'not_found' }),
  })
  http.get('/api/v1/numbers/bytes', {
    schema,
    config: { access: 'numbers.read' },
    handler: (_, reply) => reply.type('application/json').send(Buffer.from('{}')),
  })
}

/** The level at which the work is given up, but nothing that is given up later. */
const sheds = (work: ShedWork) => shedWork.indexOf(work) + 1

async function ask(url: string, options: InjectOptions = {}) {
  const { headers, ...others } = options
  const reply = await http.inject({ url, headers: { cookie: 'session=1', ...headers }, ...others })
  const { statusCode: status } = reply
  return [status, status === 200 ? reply.json<unknown>() : undefined, reply.headers['age']]
}

const refused = [503, undefined, undefined]
const fresh = (nth: number) => [200, { answered: nth }, undefined]

describe('statistics', () => {
  it('are computed each time until they are given up, and then answered as the last time, with the age of it', async () => {
    expect(await ask('/api/v1/numbers')).toEqual(fresh(1))
    expect(await ask('/api/v1/numbers')).toEqual(fresh(2))
    level = sheds('history')
    vi.advanceTimersByTime(7_000)
    expect(await ask('/api/v1/numbers')).toEqual([200, { answered: 2 }, '7'])
    // What is given again does not become younger by that.
    vi.advanceTimersByTime(3_000)
    expect(await ask('/api/v1/numbers')).toEqual([200, { answered: 2 }, '10'])
    expect(await ask('/api/v1/numbers?customer=other')).toEqual(refused)
    level = sheds('history') - 1
    expect(await ask('/api/v1/numbers')).toEqual(fresh(3))
  })

  it.each<[string, Partial<Caller>]>([
    ['another kind of caller', { kind: 'key' }],
    ['another person', { id: 'p2' }],
    ['another name', { name: 'wu@example.com' }],
    ['another site', { site: 'east' }],
    ['other permissions', { actions: new Set(['numbers.read']) }],
    ['other departments', { departments: ['west'] }],
    ['other hidden data', { privacy: { ...openPrivacy, customers: 'masked' } }],
  ])('that were answered to one caller are not given to %s', async (_, change) => {
    await ask('/api/v1/numbers')
    level = sheds('history')
    caller = { ...lead, ...change }
    expect(await ask('/api/v1/numbers')).toEqual(refused)
    caller = lead
    expect(await ask('/api/v1/numbers')).toEqual([200, { answered: 1 }, '0'])
  })

  it.each(['/api/v1/numbers/missing', '/api/v1/numbers/bytes'])(
    'are not given again if they were an error or a file: %s',
    async (url) => {
      await ask(url)
      level = sheds('history')
      expect(await ask(url)).toEqual(refused)
    },
  )

  it('are not given again to who changes something', async () => {
    await ask('/api/v1/numbers')
    await ask('/api/v1/numbers', { method: 'POST' })
    level = sheds('history')
    expect(await ask('/api/v1/numbers', { method: 'POST' })).toEqual(refused)
    expect(answered).toBe(2)
  })
})

describe('other requests that are given up', () => {
  it('are refused before the caller is identified, even if they were answered before', async () => {
    await ask('/api/v1/orders')
    level = sheds('orders')
    expect(await ask('/api/v1/orders')).toEqual(refused)
    expect(await ask('/api/v1/orders', { headers: { authorization: 'Bearer sw_unknown' } })).toEqual(refused)
    expect(load.refused.orders).toBe(2)
    level = sheds('orders') - 1
    expect(await ask('/api/v1/orders')).toEqual(fresh(2))
  })

  it('follow from what the caller may do with the route, unless the route says otherwise', async () => {
    const statusesAt = async (shed: number, ...asked: Parameters<typeof ask>) => {
      level = shed - 1
      const [before] = await ask(...asked)
      level = shed
      const [after] = await ask(...asked)
      return [before, after]
    }
    expect(await statusesAt(sheds('exports'), '/api/v1/file')).toEqual([200, 503])
    expect(await statusesAt(sheds('reads'), '/api/v1/me')).toEqual([200, 503])
    const post = { method: 'POST' } as const
    expect(await statusesAt(sheds('events'), '/api/v1/events', post)).toEqual([200, 429])
    const imported = { headers: { 'x-stagewatch-import': 'on' } }
    expect(await statusesAt(sheds('exports'), '/api/v1/events', { ...post, ...imported })).toEqual([200, 503])
    expect(await statusesAt(sheds('orders'), '/api/v1/orders', imported)).toEqual([200, 503])
  })

  it('are none of those that say what the server is doing, nor of unknown addresses', async () => {
    level = shedWork.length
    const statuses = []
    for (const url of ['/api/v1/status', '/healthz', '/api/v1/nothing']) statuses.push((await ask(url))[0])
    expect(statuses).toEqual([200, 200, 404])
  })
})

describe('more than two thousand requests at once', () => {
  it.each([
    ['/api/v1/orders', 503],
    ['/api/v1/numbers', 200],
    ['/api/v1/file', 200],
    ['/api/v1/status', 200],
  ])('are too many, of which %s is one: %i for the next', async (url, statusOfNext) => {
    load.close()
    await http.close()
    openApp(new LoadMonitor({ logger }))
    for (let i = 0; i < 2_000; i++) load.requestBegins()
    const { promise, resolve } = Promise.withResolvers<void>()
    held = promise
    const pending = ask(url)
    await vi.waitFor(() => expect(answered).toBe(1))
    held = Promise.resolve()
    expect((await ask('/api/v1/me'))[0]).toBe(statusOfNext)
    resolve()
    expect((await pending)[0]).toBe(200)
    expect((await ask('/api/v1/me'))[0]).toBe(200)
  })
})
