import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { leaksTo } from './find-leaks.ts'
import type { Somebody } from './find-leaks.ts'
import { plantSecrets } from './secret-plant.ts'

let server: PeopledServer
const people: Somebody[] = []

beforeAll(async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 24, 16))
  server = await startPeopled({ clock, variables: { SECRETS_KEY: Buffer.alloc(32, 1).toString('base64') } })
  await plantSecrets(server)
  for (const role of ['administrator', 'manager', 'lead'] as const) {
    const visitor = await server.join(`${role}@example.com`, { role })
    people.push({ role, departments: undefined, visitor })
  }
})
afterAll(() => server.close())

describe('all routes of the API', () => {
  it('store nothing when they are only read, whoever reads', async () => {
    const rows = async () => {
      // What changes with time alone, and the keys of push messages, which are created for the first who may need them.
      const tables = await server.database.query<{ name: string }>(
        `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'
           and table_name not in ('attempts', 'leases', 'audit_cursors', 'audit_seals', 'jobs', 'server_instances')`,
      )
      const counts = tables.map(({ name }) =>
        server.database.query<object>(`select '${name}' as name, count(*)::int as count from "${name}"
          ${name === 'settings' ? `where name <> 'push_keys'` : ''}`),
      )
      return (await Promise.all(counts)).flat()
    }
    const before = await rows()
    for (const somebody of people) await leaksTo(server.server.routes, somebody)
    expect(await rows()).toEqual(before)
  })

  it('create no site when they are read, whichever site is named', async () => {
    const sites = () => server.database.query<{ code: string }>('select code from sites order by code')
    const before = await sites()
    const key = server.server.access.localAdminToken
    const answers = new Map<number, number>()
    for (const [name, { method, url }] of server.server.routes) {
      if (method !== 'GET') continue
      const path = `${url.replaceAll(/:\w+/g, 'BCDFGHJK').replace('*', 'x')}?site=${name.replaceAll(/\W+/g, '-').toLowerCase().slice(-40)}`
      const replies = [await server.ada.call(path), await call(`${server.url}${path}`, { key })]
      for (const { status } of replies) answers.set(status, (answers.get(status) ?? 0) + 1)
    }
    expect(await sites()).toEqual(before)
    // Most routes are about a site, and say that there is none.
    expect(answers.get(404)).toBeGreaterThan(20)
  })

  it('refuse a body of 17 KiB, unless it may hold events, files or rules', async () => {
    const body = { pad: 'x'.repeat(17 * 1024) }
    const key = server.server.access.localAdminToken
    const accepting: string[] = []
    for (const [name, { method, url }] of server.server.routes) {
      if (method === 'GET' || method === 'HEAD') continue
      const path = url.replaceAll(/:\w+/g, 'BCDFGHJK')
      const replies = [
        await server.ada.call(path, { method, body }),
        await call(`${server.url}${path}`, { method, body, key }),
      ]
      const isRefused = replies.some(({ status }) => status === 413)
      if (!isRefused) accepting.push(name)
    }
    expect(accepting.toSorted()).toEqual([
      'PATCH /api/v1/uploads/:id',
      'POST /api/v1/admin/calendars/:code/holidays',
      'POST /api/v1/admin/config/apply',
      'POST /api/v1/admin/config/diff',
      'POST /api/v1/admin/processes/:code/dry-run',
      'POST /api/v1/events',
      'POST /api/v1/imports/trial',
      'POST /api/v1/uploads/:id/check',
      'POST /api/v1/uploads/:id/import',
      'PUT /api/v1/admin/calendar-choice',
      'PUT /api/v1/admin/calendars/:code',
      'PUT /api/v1/admin/processes/:code',
      'PUT /api/v1/admin/processes/:code/draft',
      'PUT /api/v1/import-mappings/:name',
    ])
  })
})
