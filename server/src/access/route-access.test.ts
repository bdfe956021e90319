import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { TrustedProxies } from '../platform/http/client-address.ts'
import { newHttpApp } from '../platform/http/http-app.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { FailedAttempts } from '../platform/rate-limits/failed-attempts.ts'
import { sampleSite } from '../platform/site.ts'
import type { Caller } from './caller.ts'
import { addressOf, callerIfAny, callerOf, requireRouteAccess } from './route-access.ts'
import type { RouteAccess } from './route-access.ts'

const person: Caller = {
  kind: 'person',
  name: 'li@example.com',
  role: 'lead',
  site: 'main',
  actions: new Set(['orders.read']),
  privacy: openPrivacy,
}
const people: Readonly<Record<string, Caller>> = {
  lead: person,
  proven: { ...person, provenRecently: true },
  stranger: { kind: 'person', name: 'wu@example.com', site: 'main', actions: new Set(), privacy: openPrivacy },
}
const screen: Caller = { kind: 'screen', name: 'Hall 1', site: 'main', actions: new Set(), privacy: openPrivacy }
const key = { site: 'main', id: 'k1', name: 'scanner', scopes: ['read'], sources: null } as const
/** Of routes that answer with anything. */
const schema = { response: { 200: z.unknown() } }
const somewhere = '/api/v1/somewhere'

/** How each caller proves who they are. A visitor reads the sample, and everybody else may come without a role. */
const callers = {
  lead: { cookie: 'lead' },
  stranger: { cookie: 'stranger' },
  key: { authorization: 'Bearer sw_key' },
  screen: { authorization: 'Bearer sws_screen' },
  operator: { authorization: 'Bearer local-admin-token' },
  visitor: { 'x-stagewatch-site': sampleSite },
} as const

let http: TypedApp
let lines: string[]
let created: string[]

beforeEach(() => {
  lines = []
  created = []
  http = newHttpApp(pino({ level: 'info' }, { write: (line: string) => lines.push(line) }))
})
afterEach(() => http.close())

function requireAccess() {
  return requireRouteAccess(http, {
    keys: { find: (token: string) => Promise.resolve(token === 'sw_key' ? key : undefined) },
    failures: new FailedAttempts(new VirtualClock(0)),
    proxies: new TrustedProxies(),
    localAdminToken: 'local-admin-token',
    readsOpen: false,
    defaultSite: () => 'main',
    createSite: async ({ site }) => void created.push(site),
    findPerson: (cookie) => Promise.resolve(people[cookie]),
    findScreen: () => Promise.resolve(screen),
  })
}

/** The codes with which each caller is refused; `ok` for those who are not. */
async function answersTo(access: RouteAccess) {
  requireAccess()
  http.get(somewhere, { schema, config: { access }, handler: () => ({ code: 'ok' }) })
  const answers = Object.entries(callers).map(async ([name, headers]) => {
    const reply = await http.inject({ url: somewhere, headers })
    return [name, reply.json<{ code: string }>().code]
  })
  return Object.fromEntries(await Promise.all(answers)) as Readonly<Record<keyof typeof callers, string>>
}

const everybody = { lead: 'ok', stranger: 'ok', key: 'ok', screen: 'ok', operator: 'ok', visitor: 'ok' }
const nobody = {
  lead: 'forbidden',
  stranger: 'forbidden',
  key: 'forbidden',
  screen: 'forbidden',
  operator: 'forbidden',
  visitor: 'forbidden',
}

describe('a route', () => {
  it.each<[RouteAccess, Readonly<Record<string, string>>]>([
    ['everyone', everybody],
    ['identified', everybody],
    ['member', { ...everybody, stranger: 'forbidden', screen: 'forbidden', visitor: 'unauthorized' }],
    ['person', { ...nobody, lead: 'ok', stranger: 'ok', visitor: 'unauthorized' }],
    ['operator', { ...nobody, operator: 'ok' }],
    ['screen', { ...nobody, screen: 'ok' }],
    ['orders.read', { ...everybody, stranger: 'forbidden', screen: 'forbidden' }],
    ['orders.act', { ...nobody, operator: 'ok', visitor: 'unauthorized' }],
  ])('for "%s" answers its callers and refuses all others', async (access, expected) => {
    expect(await answersTo(access)).toEqual(expected)
  })

  it('for people who have just confirmed their identity refuses those who have not, and no keys', async () => {
    requireAccess()
    http.get('/api/v1/keys', {
      schema,
      config: { access: 'orders.read', recentProof: true },
      handler: () => ({ code: 'ok' }),
    })
    const codeFor = async (headers: Readonly<Record<string, string>>) =>
      (await http.inject({ url: '/api/v1/keys', headers })).json<{ code: string }>().code
    expect(await codeFor(callers.lead)).toBe('reauthentication_required')
    expect([await codeFor({ cookie: 'proven' }), await codeFor(callers.key)]).toEqual(['ok', 'ok'])
  })

  it('of the API cannot be added without saying who may use it', () => {
    const routes = requireAccess()
    expect(() => http.get('/api/v1/open', { schema, handler: () => ({}) })).toThrow('/api/v1/open declares no access')
    http.get('/healthz', { handler: () => ({}) })
    http.route({
      method: ['PUT', 'PATCH'],
      url: '/api/v1/one',
      schema,
      config: { access: 'member' },
      handler: () => ({}),
    })
    expect([...routes.values()]).toEqual([
      { method: 'PUT', url: '/api/v1/one', access: 'member' },
      { method: 'PATCH', url: '/api/v1/one', access: 'member' },
    ])
  })

  it('of the API cannot be added without saying what it answers', () => {
    requireAccess()
    const config = { access: 'member' } as const
    for (const declared of [undefined, {}, { response: {} }, { response: { 404: z.unknown() } }]) {
      const route = { config, handler: () => ({}), ...(declared && { schema: declared }) }
      expect(() => http.get('/api/v1/open', route)).toThrow('/api/v1/open declares no successful response')
    }
    http.delete('/api/v1/open', { config, schema: { response: { 204: z.void() } }, handler: () => undefined })
  })

  it('knows the caller and the address of its requests, unless it is for everyone', async () => {
    requireAccess()
    const found: unknown[] = []
    http.get('/api/v1/mine', {
      schema,
      config: { access: 'identified' },
      handler: (request) => {
        found.push(callerOf(request).name, callerIfAny(request)?.name, addressOf(request))
        return {}
      },
    })
    http.get('/api/v1/open', {
      schema,
      config: { access: 'everyone' },
      handler: (request) => {
        found.push(callerIfAny(request), addressOf(request))
        expect(() => callerOf(request)).toThrow('/api/v1/open needs a caller, but is public')
        return {}
      },
    })
    for (const url of ['/api/v1/mine', '/api/v1/open']) {
      expect((await http.inject({ url, headers: callers.lead, remoteAddress: '203.0.113.5' })).statusCode).toBe(200)
    }
    expect(found).toEqual(['li@example.com', 'li@example.com', '203.0.113.5', undefined, '203.0.113.5'])
  })
})

describe('the site of a caller', () => {
  it('is the one in the header or in the address, and the first of these counts', async () => {
    requireAccess()
    http.get('/api/v1/mine', { schema, config: { access: 'operator' }, handler: (request) => callerOf(request) })
    const siteOf = async (url: string, headers: Readonly<Record<string, string>> = {}) =>
      (await http.inject({ url, headers: { ...callers.operator, ...headers } })).json<Caller>().site
    expect(await siteOf('/api/v1/mine')).toBe('main')
    expect(await siteOf('/api/v1/mine?site=east')).toBe('east')
    expect(await siteOf('/api/v1/mine?site=east&site=west')).toBe('main')
    expect(await siteOf('/api/v1/mine?site=east', { 'x-stagewatch-site': 'west' })).toBe('west')
  })

  it('is created by a command that writes to it, and by nobody and nothing else', async () => {
    requireAccess()
    http.route({
      method: ['GET', 'POST', 'PUT', 'DELETE'],
      url: '/api/v1/one',
      schema,
      config: { access: 'identified' },
      handler: () => ({}),
    })
    for (const [name, headers] of Object.entries(callers)) {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE'] as const) {
        const site = `${name}-${method}`.toLowerCase()
        await http.inject({ url: '/api/v1/one', method, headers: { 'x-stagewatch-site': site, ...headers } })
      }
    }
    expect(created).toEqual(['operator-post', 'operator-put'])
  })
})

describe('the security log', () => {
  const refusedOf = async (url: string, headers: Readonly<Record<string, string>>) => {
    lines = []
    await http.inject({ url, headers, remoteAddress: '203.0.113.5' })
    return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
  }

  beforeEach(() => {
    requireAccess()
    http.get('/api/v1/admin/:part', { schema, config: { access: 'operator' }, handler: () => ({}) })
    http.get('/api/v1/orders', { schema, config: { access: 'orders.act' }, handler: () => ({}) })
  })

  it('says what was refused to whom, and names a visitor by the address alone', async () => {
    const refusal = { security: 'access.refused', address: '203.0.113.5', route: 'GET /api/v1/admin/:part' }
    expect(await refusedOf('/api/v1/admin/doctor', callers.key)).toMatchObject([
      { ...refusal, reason: 'forbidden', who: 'scanner', site: 'main' },
    ])
    const [line] = await refusedOf('/api/v1/admin/doctor', callers.visitor)
    expect(line).toMatchObject({ ...refusal, reason: 'forbidden', site: sampleSite })
    expect(line).not.toHaveProperty('who')
    const [unknown] = await refusedOf('/api/v1/admin/doctor', { authorization: 'Bearer sw_unknown' })
    expect(unknown).toMatchObject({ ...refusal, reason: 'unauthorized' })
    expect(unknown).not.toHaveProperty('who')
  })

  it('does not mention who merely has to sign in', async () => {
    expect(await refusedOf('/api/v1/orders', {})).toEqual([])
    expect(await refusedOf('/api/v1/orders', callers.visitor)).toEqual([])
    expect(await refusedOf('/api/v1/orders', callers.lead)).toMatchObject([
      { reason: 'forbidden', who: 'li@example.com' },
    ])
  })
})
