import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { TrustedProxies } from '../platform/http/client-address.ts'
import { newHttpApp } from '../platform/http/http-app.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { FailedAttempts } from '../platform/rate-limits/failed-attempts.ts'
import { ApiKeys } from './api-keys.ts'
import type { Caller } from './caller.ts'
import { keyRoutes } from './key-routes.ts'
import { requireRouteAccess } from './route-access.ts'

const ada: Caller = {
  kind: 'person',
  name: 'ada@example.com',
  role: 'administrator',
  provenRecently: true,
  site: 'main',
  actions: new Set(['keys.manage']),
  privacy: openPrivacy,
}
let http: TypedApp
let caller: Caller
let database: Database
let keys: ApiKeys

beforeAll(async () => {
  database = await openTestDatabase()
  await database.query(`insert into sites (code, name, time_zone) values ('main', '{}', 'UTC')`)
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.query('delete from api_keys')
  http = newHttpApp(pino({ level: 'silent' }))
  keys = new ApiKeys(database, new VirtualClock(Date.UTC(2026, 10, 24, 12)))
  requireRouteAccess(http, {
    keys,
    failures: new FailedAttempts(new VirtualClock(0)),
    proxies: new TrustedProxies(),
    localAdminToken: 'local-admin-token',
    readsOpen: false,
    defaultSite: () => 'main',
    findPerson: () => Promise.resolve(caller),
  })
  keyRoutes(http, { keys })
})
afterEach(() => http.close())

/** What a caller gets who lists the keys, creates one, and revokes another; and the keys that are in use after it. */
async function askAs(change: Partial<Caller>) {
  const { id } = await keys.create('main', { name: 'old', scopes: ['read'] })
  caller = { ...ada, ...change }
  const headers = { cookie: 'session=1' }
  const payload = { name: 'new', scopes: ['read'] }
  const replies = [
    await http.inject({ url: '/api/v1/keys', headers }),
    await http.inject({ url: '/api/v1/admin/keys', method: 'POST', headers, payload }),
    await http.inject({ url: `/api/v1/keys/${id}`, method: 'DELETE', headers }),
  ]
  const answers = replies.map((reply) => (reply.statusCode === 200 ? 'ok' : reply.json<{ code: string }>().code))
  const used = (await keys.list('main')).filter(({ revokedAt }) => revokedAt === undefined)
  return { answers, used: used.map(({ name }) => name) }
}

it('who manages keys lists, creates and revokes them', async () => {
  expect(await askAs({})).toEqual({ answers: ['ok', 'ok', 'ok'], used: ['new'] })
})

it('a key is created only by somebody who has just confirmed who they are', async () => {
  const answers = ['ok', 'reauthentication_required', 'ok']
  expect(await askAs({ provenRecently: false })).toEqual({ answers, used: [] })
})

it('a key sees all departments, so that nobody changes one who does not', async () => {
  const answers = ['ok', 'forbidden', 'forbidden']
  expect(await askAs({ departments: ['press'] })).toEqual({ answers, used: ['old'] })
})

it('others do nothing with keys', async () => {
  const answers = ['forbidden', 'forbidden', 'forbidden']
  expect(await askAs({ actions: new Set(['people.manage']) })).toEqual({ answers, used: ['old'] })
})
