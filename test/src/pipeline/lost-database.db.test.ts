import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { createTestDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { submitEvents } from '../harness/open-site.ts'
import { skipUnless } from '../harness/skip.ts'
import { startServer } from '../harness/start-server.ts'
import type { TcpProxy } from '../harness/tcp-proxy.ts'
import { openTcpProxy } from '../harness/tcp-proxy.ts'
import { call } from '../http/call.ts'
import { expectProblem } from '../http/expect-problem.ts'
import { eventually } from '../harness/eventually.ts'

const testServer = process.env['TEST_DATABASE_URL']

describe('a PostgreSQL that becomes unavailable', skipUnless(testServer !== undefined, 'a lost PostgreSQL'), () => {
  let created: Awaited<ReturnType<typeof createTestDatabase>>
  let proxy: TcpProxy
  let database: Database
  beforeAll(async () => {
    created = await createTestDatabase(testServer!)
  })
  afterAll(() => created.drop())
  beforeEach(async () => {
    proxy = await openTcpProxy(Number(new URL(created.url).port || 5432))
    database = openPostgresql(throughProxy(), { connections: 3, deadlineMs: 1_000 })
  })
  afterEach(async () => {
    await database.close()
    await proxy.close()
  })

  function throughProxy(): string {
    const url = new URL(created.url)
    url.host = `127.0.0.1:${proxy.port}`
    return url.href
  }

  const one = () => database.query('select 1 as one')
  const isBack = () => eventually(async () => expect(await one()).toEqual([{ one: 1 }]))

  it('fails what is under way when the connection is cut, and answers again afterwards', async () => {
    await one()
    const asleep = Promise.allSettled([1, 2, 3].map(() => database.query('select pg_sleep(60)')))
    await eventually(async () => expect(await sleeperCount()).toBe(3))
    proxy.cut()
    for (const { status, ...rest } of await asleep) {
      expect(status).toBe('rejected')
      expect(rest).toEqual({ reason: expect.any(DatabaseUnavailableError) })
    }
    await isBack()
  })

  it('fails what is under way when nothing comes back, refuses what is asked then, and answers again', async () => {
    await one()
    proxy.swallow()
    await expect(one()).rejects.toThrow('no answer')
    await eventually(() => expect(one()).rejects.toThrow('the database does not answer'))
    proxy.cut()
    await isBack()
  })

  it('refuses what gets no connection in time when all are busy, and answers again when one is free', async () => {
    const free = Promise.withResolvers<void>()
    const begun = [1, 2, 3].map(() => Promise.withResolvers<void>())
    const busy = begun.map(({ resolve }) =>
      database.transaction(async (tx) => {
        await tx.query('select 1')
        resolve()
        await free.promise
      }),
    )
    await Promise.all(begun.map(({ promise }) => promise))
    const waiting = await Promise.allSettled(Array.from({ length: 500 }, one))
    expect(waiting.map((result) => (result.status === 'rejected' ? (result.reason as Error) : undefined))).toEqual(
      Array.from({ length: 500 }, () => expect.objectContaining({ reason: 'busy' })),
    )
    free.resolve()
    await Promise.all(busy)
    expect(await one()).toEqual([{ one: 1 }])
  })

  it('keeps nothing of a transaction whose connection is cut between two of its statements', async () => {
    const cut = database.transaction(async (tx) => {
      await tx.query(insertSite, ['before'])
      proxy.cut()
      // Several statements in one turn: none of them may reach a later session.
      await Promise.allSettled([tx.query(insertSite, ['after-1']), tx.query(insertSite, ['after-2'])])
      await tx.query(insertSite, ['after-3'])
    })
    await expect(cut).rejects.toThrow(DatabaseUnavailableError)
    await isBack()
    const codes = ['before', 'after-1', 'after-2', 'after-3']
    expect(await database.query('select code from sites where code = any($1::text[])', [codes])).toEqual([])
  })

  it('rolls a transaction back when a statement of it failed, even if nobody looked', async () => {
    const careless = database.transaction(async (tx) => {
      await tx.query(insertSite, ['careless'])
      await tx.query('select 1 / 0').catch(() => undefined)
    })
    await expect(careless).rejects.toThrow('division by zero')
    expect(await database.query(`select 1 from sites where code = 'careless'`)).toEqual([])
  })

  it('is listened to again after a cut, and calls back because something may have been missed', async () => {
    const heard = vi.fn<() => void>()
    const unlisten = await database.listen('some_channel', heard)
    heard.mockClear()
    proxy.cut()
    await eventually(() => expect(heard).toHaveBeenCalled())
    heard.mockClear()
    const direct = openPostgresql(created.url)
    await direct.query(`select pg_notify('some_channel', '')`)
    await eventually(() => expect(heard).toHaveBeenCalledOnce())
    await unlisten()
    await direct.close()
  })

  it('makes the server answer 503, and no data is lost when it is back', async () => {
    const server = await startServer({ database })
    const event = { source: 'wms', id: 'e1', type: 'stage.entered', order: 'SO-1', stage: 'picking' }
    const body = JSON.stringify({ ...event, occurredAt: new Date().toISOString() })
    const headers = {
      authorization: `Bearer ${await server.createKey(['ingest'])}`,
      'content-type': 'application/json',
    }
    const send = () => fetch(`${server.url}/api/v1/events`, { method: 'POST', headers, body })
    try {
      proxy.swallow()
      const refused = await send()
      expect(refused.headers.get('retry-after')).toBe('1')
      expectNotReady(refused.status, await refused.json())
      const { status, body: answered } = await call(`${server.url}/readyz`)
      expectNotReady(status, answered)
      proxy.cut()
      await eventually(async () => expect((await fetch(`${server.url}/readyz`)).status).toBe(200))
      expect(await (await send()).json()).toMatchObject({ accepted: 1 })
      expect(await (await send()).json()).toMatchObject({ duplicate: 1 })
    } finally {
      await server.close()
    }
  })

  it('is read back when a commit that was sent ahead is stored and the answer to it is lost', async () => {
    const direct = openPostgresql(created.url, { connections: 1 })
    const server = await startServer({ database })
    try {
      const site = await server.server.sites.getOrCreate('lost-answer')
      // Slows the commit down, so that its response can be lost.
      for (const statement of slowCommits) await direct.query(statement)
      const event = {
        source: 'wms',
        id: 'e9',
        type: 'order.placed' as const,
        order: 'SO-9',
        occurredAt: Date.now(),
        data: {},
      }
      const answer = submitEvents(site, [event])
      await eventually(async () => expect(await direct.query(slowCommit)).toHaveLength(1))
      proxy.swallow()
      await expect(answer).rejects.toThrow(DatabaseUnavailableError)
      await eventually(async () =>
        expect(await direct.query(`select order_id from orders where order_id = 'SO-9'`)).toHaveLength(1),
      )
      expect(site.engine.order('SO-9')).toBeUndefined()
      proxy.cut()
      await eventually(() => expect(site.engine.order('SO-9')).toBeDefined())
      expect(await submitEvents(site, [event])).toMatchObject({ duplicate: 1 })
    } finally {
      proxy.cut()
      for (const statement of fastCommits) await direct.query(statement)
      await direct.close()
      await server.close()
    }
  })

  function expectNotReady(status: number, body: unknown): void {
    expectProblem({ status, body }, 503, 'not_ready')
  }

  async function sleeperCount(): Promise<number> {
    const direct = openPostgresql(created.url, { connections: 1 })
    const rows = await direct.query(`select 1 from pg_stat_activity where query like 'select pg_sleep%'`)
    await direct.close()
    return rows.length
  }
})

const insertSite = `insert into sites (code, name, time_zone) values ($1, '{}', 'UTC')`

const slowCommits = [
  `create function wait_a_little() returns trigger language plpgsql as
   $$ begin perform pg_sleep(2); return null; end $$`,
  `create constraint trigger slow_commit after insert on events deferrable initially deferred
   for each row execute function wait_a_little()`,
]
const slowCommit = `
  select pid from pg_stat_activity
  where datname = current_database() and query = 'commit' and wait_event = 'PgSleep'`
const fastCommits = ['drop trigger if exists slow_commit on events', 'drop function if exists wait_a_little']
