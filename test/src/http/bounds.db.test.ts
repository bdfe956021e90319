import { randomBytes } from 'node:crypto'
import { deleteOldQuarantine } from '@stagewatch/server/ingest/quarantine/quarantine-table.ts'
import { maxOrderEvents } from '@stagewatch/server/ingest/commit/order-limit.ts'
import { quarantineUsage, saveQuarantine } from '@stagewatch/server/ingest/quarantine/save-quarantine.ts'
import { doctorReport } from '@stagewatch/shared/contract/admin.ts'
import { board } from '@stagewatch/shared/contract/board.ts'
import { quarantineList } from '@stagewatch/shared/contract/quarantine.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { join, openScreen } from '../live/screen.ts'
import { call } from './call.ts'
import type { CallOptions } from './call.ts'
import { expectProblem } from './expect-problem.ts'
import { someEvent } from './some-event.ts'
import { eventually } from '../harness/eventually.ts'

let server: StartedServer
let key: string

beforeAll(async () => {
  server = await startServer()
  key = await server.createKey(['admin'])
})
afterAll(() => server.close())

describe('a body', () => {
  it('is refused everywhere but where events and rules come in: 17 KiB', async () => {
    const pad = 'x'.repeat(17 * 1024)
    for (const [path, method] of [
      ['/api/v1/setup', 'POST'],
      ['/api/v1/invitations', 'POST'],
      ['/api/v1/admin/keys', 'POST'],
      ['/api/v1/privacy', 'PUT'],
      ['/api/v1/screens/pairing/token', 'POST'],
      ['/api/auth/sign-in/email', 'POST'],
    ] as const) {
      const reply = await call(`${server.url}${path}`, { key, method, body: { pad } })
      expect([path, reply.status]).toEqual([path, 413])
    }
    const process = { code: 'long', name: { zh: pad, en: pad } }
    expect(
      (await call(`${server.url}/api/v1/admin/processes/long`, { key, method: 'PUT', body: process })).status,
    ).toBe(400)
  })

  it('is answered with twenty of its unknown keys, and the number of the others', async () => {
    const body = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`key${i}`, 1]))
    const reply = await call(`${server.url}/api/v1/privacy`, { key, method: 'PUT', body })
    expectProblem(reply, 400, 'invalid_field')
    const text = JSON.stringify(reply.body)
    expect(text).toContain('key19 and 980 more')
    expect(text).not.toContain('key20')
  })
})

describe('a site', () => {
  const operator = (site: string) => ({
    headers: { authorization: `Bearer ${server.server.access.localAdminToken}`, 'x-stagewatch-site': site },
  })
  const asOperator = (path: string, options: CallOptions = {}) =>
    call(`${server.url}${path}`, { ...options, ...operator('main') })
  const codes = async () => (await server.database.query<{ code: string }>('select code from sites')).map((s) => s.code)
  const create = (code: string) => asOperator('/api/v1/admin/sites', { body: { code } })
  const remove = (code: string) => asOperator(`/api/v1/admin/sites/${code}`, { method: 'DELETE' })

  it('is not created by any GET request, whoever sends it', async () => {
    const everywhere = async () => {
      // Excludes counters of pairing attempts, which requests increment, and what changes with time alone.
      const tables = await server.database.query<{ name: string }>(
        `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'
           and table_name not in ('attempts', 'leases', 'audit_cursors', 'audit_seals')`,
      )
      const counts = await Promise.all(
        tables.map(({ name }) =>
          server.database.query(`select '${name}' as name, count(*)::int as count from "${name}"`),
        ),
      )
      return counts.flat()
    }
    const reader = await server.createKey(['admin', 'read'])
    // Creates the rows that the first request for an identity creates once.
    await call(`${server.url}/api/v1/me`, { headers: { cookie: 'stagewatch.session_token=x' } })
    const before = await everywhere()
    const asked: string[] = []
    const ask = (path: string, method: string, { key: bearer, headers }: CallOptions) =>
      fetch(`${server.url}${path}`, {
        method,
        headers: { ...headers, ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }) },
      })
    for (const { method, url } of server.server.routes.values()) {
      if (method !== 'GET' && method !== 'HEAD') continue
      const path = `${url.replace(/:\w+/g, 'BCDFGHJK')}?site=nowhere`
      for (const options of [{}, { key: reader }, operator('nowhere')]) await ask(path, method, options)
      asked.push(path)
    }
    expect(asked.length).toBeGreaterThan(30)
    expect(await everywhere()).toEqual(before)
    // Control: the same comparison detects that a site is created.
    await create('somewhere')
    expect(await everywhere()).not.toEqual(before)
  })

  it("is created and deleted on the server's machine, which stays on record", async () => {
    expect((await create('west')).body).toEqual({ created: true })
    expect((await create('west')).body).toEqual({ created: false })
    expectProblem(await create('No Code'), 400, 'invalid_field')
    const westKey = await server.createKey(['read', 'ingest'], 'west')
    const screen = await openScreen(server.url, { token: westKey })
    expect(await join(screen)).toMatchObject({ ok: true })
    const cut = new Promise((resolve) => screen.once('disconnect', resolve))
    expect((await remove('west')).body).toEqual({ deleted: true })
    await cut
    expect(await codes()).not.toContain('west')
    expectProblem(await call(`${server.url}/api/v1/events`, { key: westKey, body: someEvent() }), 401, 'unauthorized')
    expectProblem(await call(`${server.url}/api/v1/board?site=west`), 404, 'not_found')
    expectProblem(await remove('west'), 404, 'not_found')
    const recorded = await server.database.query(
      `select actor_kind as kind, action, subject from changes where site = 'west' order by id`,
    )
    expect(recorded).toEqual([
      { kind: 'operator', action: 'site.created', subject: 'west' },
      expect.objectContaining({ action: 'key.created' }),
      { kind: 'operator', action: 'site.deleted', subject: 'west' },
    ])
  })

  it('that holds events stays, and so does the main one', async () => {
    const full = await server.createKey(['ingest'], 'full')
    await call(`${server.url}/api/v1/events`, { key: full, body: someEvent() })
    expectProblem(await remove('full'), 409, 'conflict')
    expectProblem(await remove('main'), 409, 'conflict')
    expect(await codes()).toEqual(expect.arrayContaining(['full', 'main']))
  })

  it('shows its settings to its members, and to nobody else', async () => {
    expectProblem(await call(`${server.url}/api/v1/privacy`), 401, 'unauthorized')
    expect((await call(`${server.url}/api/v1/privacy`, { key })).status).toBe(200)
  })

  it('without orders costs nothing until somebody asks for it, and nothing again afterwards', async () => {
    await server.database.query(
      `insert into sites (code, name, time_zone) select 'idle-' || n, '{"zh": "Idle", "en": "Idle"}', 'UTC' from generate_series(1, 300) n`,
    )
    const started = await startServer({ database: server.database })
    const { sites } = started.server
    const open = async () => (await sites.list()).map(({ site }) => site.code)
    try {
      expect(sites.known().length).toBeGreaterThan(300)
      expect(await open()).not.toContainEqual(expect.stringMatching(/^idle-/))
      expect((await call(`${started.url}/api/v1/board?site=idle-7`)).status).toBe(200)
      await sites.closeIdle()
      expect(await open()).toContain('idle-7')
      await sites.closeIdle(0)
      expect((await open()).toSorted()).toEqual(['full', 'main'])
      expect((await call(`${started.url}/api/v1/board?site=idle-7`)).status).toBe(200)
    } finally {
      await started.close()
    }
  })
})

describe('sources of a site', () => {
  it('are a thousand at most, of which a board names twenty', async () => {
    const sender = await server.createKey(['ingest', 'read'], 'sources')
    const events = Array.from({ length: 1_005 }, (_, i) => someEvent({ source: `source-${i}`, order: 'SO-1' }))
    const { body } = await call(`${server.url}/api/v1/events`, { key: sender, body: events })
    expect(body).toMatchObject({ accepted: 1_000, rejected: 5 })
    expect((body as { results: unknown[] }).results[1_004]).toMatchObject({ code: 'too_many_sources', field: 'source' })
    const again = await call(`${server.url}/api/v1/events`, { key: sender, body: someEvent({ source: 'source-7' }) })
    expect(again.body).toMatchObject({ accepted: 1 })
    const shown = board.parse((await call(`${server.url}/api/v1/board`, { key: sender })).body)
    expect(Object.keys(shown.sources)).toHaveLength(20)
    expect(shown.sources).toHaveProperty('source-7')
    expect(shown.moreSources).toEqual({ count: 980, lateCount: 0 })
  })
})

describe('an order', () => {
  it('takes no more events than it may have, and those beyond wait in quarantine', async () => {
    const sender = await server.createKey(['ingest'], 'crowded')
    const send = async (...ids: string[]) => {
      const body = ids.map((id) => ({ ...someEvent(), order: 'SO-CROWDED', id }))
      const reply = await call(`${server.url}/api/v1/events`, { key: sender, body })
      return (reply.body as { results: { status: string; code?: string }[] }).results
    }
    expect(await send('1')).toMatchObject([{ status: 'accepted' }])
    // Pretends that the order has the maximum number of events.
    await server.database.query(`update orders set event_count = $1 where site = 'crowded'`, [maxOrderEvents - 1])
    expect(await send('2', '3')).toMatchObject([{ status: 'accepted' }, { status: 'rejected', code: 'order_full' }])
    const idsIn = async (table: string, column: string) =>
      (
        await server.database.query<{ id: string }>(
          `select ${column} as id from ${table} where site = 'crowded' order by 1`,
        )
      ).map(({ id }) => id)
    expect(await idsIn('events', 'id')).toEqual(['1', '2'])
    expect(await idsIn('quarantine', 'event_id')).toEqual(['3'])
  })
})

describe('the quarantine', () => {
  it('keeps the newest of large events, as many as it has bytes for', async () => {
    const event = (n: number) => ({
      sender: `sender-${n}`,
      code: 'bad_request' as const,
      message: '',
      // Incompressible.
      raw: randomBytes(9_000).toString('base64'),
    })
    for (let n = 0; n < 12; n += 3) {
      await saveQuarantine(server.database, 'large', [event(n), event(n + 1), event(n + 2)], 100_000)
    }
    const kept = await server.database.query<{ sender: string }>(
      `select sender from quarantine where site = 'large' order by id`,
    )
    expect(kept.map(({ sender }) => sender)).toEqual([4, 5, 6, 7, 8, 9, 10, 11].map((n) => `sender-${n}`))
    expect((await quarantineUsage(server.database))['quarantine_bytes']?.size).toBeGreaterThan(60_000)
  })

  const site = 'rejects'
  let admin: string
  let sender: string
  const ask = (path: string, options: CallOptions = {}) =>
    call(`${server.url}/api/v1/quarantine${path}`, { key: admin, ...options })
  const list = async () => quarantineList.parse((await ask('')).body)
  const isHealthy = async () => {
    const { body } = await call(`${server.url}/api/v1/admin/doctor`, { key: admin })
    return doctorReport.parse(body).checks.find(({ name }) => name === 'quarantine')!.ok
  }

  beforeAll(async () => {
    admin = await server.createKey(['admin'], site)
    sender = await server.createKey(['ingest'], site)
    const strict = { code: 'strict', name: { zh: '严', en: 'Strict' }, stages: [], acceptsNewStages: false, goals: {} }
    await (await server.server.sites.get(site)).saveProcess(strict)
    const bad = [someEvent({ stage: 'unknown', order: 'SO-Q' }), someEvent({ type: 'nonsense' }), { nothing: 'else' }]
    await call(`${server.url}/api/v1/events`, { key: sender, body: bad })
  })

  it('lists what was rejected, with the reason, to whoever manages the site', async () => {
    const { total, events } = await list()
    expect(total).toBe(3)
    expect(events.map(({ code }) => code)).toEqual(expect.arrayContaining(['unknown_stage']))
    expect(JSON.parse(events.find(({ code }) => code === 'unknown_stage')!.raw)).toMatchObject({ order: 'SO-Q' })
    expect((await ask('?code=unknown_stage&limit=1')).body).toMatchObject({ total: 3, events: [{ sender: 'test' }] })
    expectProblem(await ask('?limit=0'), 400, 'invalid_field')
    expectProblem(await ask('', { key: sender }), 403, 'forbidden')
    expect(await isHealthy()).toBe(false)
  })

  it('resubmits events that are now valid, and keeps the rest with the current reason', async () => {
    const pipeline = await server.server.sites.get(site)
    const strict = pipeline.catalog.get('strict')!
    // Saving the process retries the events that waited for a stage.
    await pipeline.saveProcess({ ...strict, acceptsNewStages: true })
    await eventually(async () => expect((await list()).total).toBe(2))
    await server.database.query(
      `insert into quarantine (site, sender, code, message, raw) values ($1, 'test', 'unknown_process', '', $2)`,
      [site, JSON.stringify(someEvent({ order: 'SO-R' }))],
    )
    const before = await list()
    const retried = await ask('/retry', { body: { all: true } })
    expect(retried.body).toEqual({ accepted: 1, duplicate: 0, rejected: 2, unreadable: 0 })
    const after = await list()
    expect(after.total).toBe(2)
    expect(after.events.map(({ id }) => id)).not.toEqual(expect.arrayContaining(before.events.map(({ id }) => id)))
    expect(pipeline.engine.order('SO-R')).toBeDefined()
  })

  it('forgets what is dismissed, which stays on record, and then nothing is wrong any more', async () => {
    const { events } = await list()
    const [first] = events
    expectProblem(await ask('/dismiss', { body: { ids: [] } }), 400, 'invalid_field')
    expect((await ask('/dismiss', { body: { ids: [first!.id] } })).body).toEqual({ dismissed: 1 })
    expect((await ask('/dismiss', { body: { ids: [first!.id] } })).body).toEqual({ dismissed: 0 })
    expect((await ask('/dismiss', { body: { all: true } })).body).toEqual({ dismissed: 1 })
    expect(await isHealthy()).toBe(true)
    const recorded = await server.database.query<{ action: string; count: number }>(
      `select action, jsonb_array_length(before -> 'ids') as count from changes
       where site = $1 and action like 'quarantine.%' order by id`,
      [site],
    )
    expect(recorded.map(({ action, count }) => [action, count])).toEqual([
      ['quarantine.retried', 3],
      ['quarantine.dismissed', 1],
      ['quarantine.dismissed', 1],
    ])
  })

  it('keeps ten thousand, and nothing for longer than thirty days', async () => {
    await server.database.query(
      `insert into quarantine (site, received_at, sender, code, message, raw)
       select $1, now() - interval '1 day' * (10050 - n) / 200.0, '', 'bad_request', '', '{' from generate_series(1, 10050) n`,
      [site],
    )
    await call(`${server.url}/api/v1/events`, { key: sender, body: [{ nothing: 'more' }] })
    expect((await list()).total).toBe(10_000)
    await deleteOldQuarantine(server.database)
    const { total } = await list()
    expect(total).toBeGreaterThan(5_900)
    expect(total).toBeLessThan(6_100)
    expect((await ask('/retry', { body: { all: true } })).body).toMatchObject({ accepted: 0, unreadable: 1_000 })
  })
})
