import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { createTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { boardOf, shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { siteLog } from '@stagewatch/server/engine/testing/arbitrary-history.ts'
import { insertImport } from '@stagewatch/server/ingest/batches/imports-table.ts'
import { systemClock } from '@stagewatch/server/platform/clock/clock.ts'
import { LogFollower, logHorizon } from '@stagewatch/server/log/log-follower.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import { noTransactionHoldsLog } from '@stagewatch/server/ops/check-open-transactions.ts'
import { stageStatistics } from '@stagewatch/server/query/stage-stats.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import * as fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { afterStatement } from '../harness/after-statement.ts'
import { BoardClient } from '../harness/board-client.ts'
import { SettableClock } from '../harness/settable-clock.ts'
import { submitEvents } from '../harness/open-site.ts'
import { skipUnless } from '../harness/skip.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { startServer } from '../harness/start-server.ts'
import { eventually } from '../harness/eventually.ts'

const testServer = process.env['TEST_DATABASE_URL']
const beginAt = Date.now() - 48 * 3_600_000

describe(
  'two servers on one database',
  skipUnless(testServer !== undefined, 'several servers (need PostgreSQL)'),
  () => {
    let created: Awaited<ReturnType<typeof createTestDatabase>>
    let databases: Database[]
    let a: StartedServer
    let b: StartedServer
    let clockOfB: SettableClock

    beforeAll(async () => {
      created = await createTestDatabase(testServer!)
    })
    afterAll(() => created.drop())
    beforeEach(async () => {
      databases = [openPostgresql(created.url), openPostgresql(created.url)]
      const [first, second] = databases
      a = await startServer({ database: first! })
      clockOfB = new SettableClock()
      b = await startServer({ database: second!, clock: clockOfB })
    })
    afterEach(async () => {
      await Promise.all([a.close(), b.close()])
      await Promise.all(databases.map((database) => database.close()))
    })

    let sites = 0

    async function sameSite(): Promise<{ onA: SitePipeline; onB: SitePipeline; code: string }> {
      const code = `site-${++sites}`
      const onA = await a.server.sites.getOrCreate(code)
      await onA.saveProcess(shipping)
      return { onA, onB: await b.server.sites.getOrCreate(code), code }
    }

    it('show events that the other one accepted', async () => {
      const { onA, onB, code } = await sameSite()
      const screen = new BoardClient({ url: b.url, site: code })
      try {
        await screen.join()
        await submitEvents(onA, [entered('e1', 'SO-1', 'picking')])
        expect((await screen.until(({ kpis }) => kpis.open.count === 1)).stages['picking']?.wip).toBe(1)
        await submitEvents(onB, [entered('e2', 'SO-1', 'packing', 1)])
        await eventually(() => expect(boardOf(onA.engine, 'default', Date.now()).stages['packing']?.wip).toBe(1))
      } finally {
        screen.close()
      }
    })

    it('agree with each other and with a third one when both take events of the same orders', async () => {
      const { onA, onB, code } = await sameSite()
      const [events] = fc.sample(siteLog(beginAt, ['default']), { numRuns: 1, seed: 3 })
      const turns = events!.map((event, i) => submitEvents(i % 2 === 0 ? onA : onB, [event]))
      const answers = await Promise.all(turns)
      expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(events!.length)
      const third = await startServer({ database: openPostgresql(created.url) })
      try {
        const restarted = await third.server.sites.get(code)
        const now = Date.now()
        const truth = boardOf(restarted.engine, 'default', now)
        await eventually(() => {
          for (const { engine } of [onA, onB]) {
            engine.advance(now)
            expect(boardOf(engine, 'default', now)).toEqual(truth)
          }
        })
        expect(await stageStatistics(onA.engine, {})).toEqual(await stageStatistics(restarted.engine, {}))
        expect(await stageStatistics(onB.engine, {})).toEqual(await stageStatistics(restarted.engine, {}))
      } finally {
        await third.close()
        await third.database.close()
      }
    })

    it('show what an import of the other one brings, in one commit of more than a page and whatever orders are called', async () => {
      const { onA, onB, code } = await sameSite()
      const file = { file: 'a.csv', hash: '0'.repeat(64), options: {} }
      const importId = await insertImport(databases[0]!, code, file, 'ann', Date.now())
      // Three events per order, and more orders than fit on a page.
      const orders = Array.from({ length: 7_100 }, (_, i) => `${i} ${['plain', `it's`, '"\\{a,b}', '订单'][i % 4]}`)
      const events = orders.flatMap((order, i) =>
        ['picking', 'packing', 'shipped'].map((stage, j) => entered(`${i}-${j}`, order, stage, i / 10 + j)),
      )
      const items = events.map((event, index) => ({ index, ok: true as const, event, raw: event }))
      const { accepted } = await onA.submit({ sender: 'test', imported: true, importId, items })
      expect(accepted).toBe(items.length)
      await eventually(() => expect(onB.engine.process('default')?.stage('packing')?.visitCount).toBe(orders.length))
      expect(await stageStatistics(onB.engine, {})).toEqual(await stageStatistics(onA.engine, {}))
    })

    it('show what was accepted while the second one was starting', async () => {
      const { onA, code } = await sameSite()
      const [, second] = databases
      // Between reading the orders and following the log.
      const meanwhile = afterStatement(second!, async ({ text, parameters, rowCount }) => {
        if (text.includes('from stage_hours') && rowCount <= 1 && parameters[0] === code)
          await submitEvents(onA, [entered('meanwhile', 'SO-1', 'picking')])
      })
      const starting = await startServer({ database: meanwhile })
      try {
        const { engine } = await starting.server.sites.get(code)
        await eventually(() => expect(boardOf(engine, 'default', Date.now()).stages['picking']?.wip).toBe(1))
      } finally {
        await starting.close()
      }
    })

    it('keep the description of a source that was saved on the other one', async () => {
      const { onA, onB, code } = await sameSite()
      await submitEvents(onA, [entered('e1', 'SO-1', 'picking')])
      const told = { source: 'wms', name: { zh: '仓库', en: 'Warehouse' }, intervalMs: 60_000, stages: [] }
      await onB.sources.register(told)
      await onA.sync()
      const [stored] = await databases[0]!.query(
        'select name, interval_ms::float8 as "intervalMs", stages from sources where site = $1',
        [code],
      )
      expect(stored).toEqual({ name: told.name, intervalMs: 60_000, stages: ['picking'] })
    })

    it('apply limits that were saved on the other one', async () => {
      const { onA, onB } = await sameSite()
      await submitEvents(onA, [entered('e1', 'SO-1', 'checking')])
      await onB.sync()
      await eventually(() => expect(onB.engine.order('SO-1')).toBeDefined())
      const checking = { ...plainStage('checking'), targetMs: Date.now() - beginAt + 600_000 }
      await onA.saveProcess({ ...shipping, stages: [...shipping.stages, checking] })
      await onB.sync()
      const overdue = () => onB.engine.process('default')?.stage('checking')?.counts.overdue
      expect(overdue()).toBe(0)
      clockOfB.set(601_000)
      await eventually(() => expect(overdue()).toBe(1))
    })

    it('both respond after a deadlock', async () => {
      const names = ['first', 'second'] as const
      const [database] = databases
      await database!.query(`insert into sites (code, name, time_zone) select unnest($1::text[]), '{"en":""}', 'UTC'`, [
        names,
      ])
      const bothHoldOne = Promise.withResolvers<void>()
      let holding = 0
      const cross = (own: string, other: string) =>
        database!.transaction(async (tx) => {
          await tx.query(renameSite, [own])
          if (++holding === 2) bothHoldOne.resolve()
          await bothHoldOne.promise
          await tx.query(renameSite, [other])
        })
      await Promise.all([cross('first', 'second'), cross('second', 'first')])
      // The database aborted at least one of them, which was retried.
      expect(holding).toBeGreaterThan(2)
      expect(
        await database!.query(`select name ->> 'en' as name from sites where code = any($1::text[])`, [names]),
      ).toEqual([{ name: '++' }, { name: '++' }])
    })

    /** Reads what others write from now on. */
    /** Other databases may delay the log, and then it begins with events of earlier tests: only `own` counts. */
    async function followerInto(heard: string[], own: readonly string[]): Promise<LogFollower> {
      const [database] = databases
      return new LogFollower({
        database: database!,
        clock: systemClock,
        origin: 'reader',
        from: await logHorizon(database!),
        changed: async (_site, orders) => void heard.push(...orders.filter((order) => own.includes(order))),
      })
    }

    it('do not skip a transaction that starts early and commits late', async () => {
      const [database] = databases
      const heard: string[] = []
      const follower = await followerInto(heard, ['early', 'late'])
      const written = Promise.withResolvers<void>()
      const mayCommit = Promise.withResolvers<void>()
      const late = database!.transaction(async (tx) => {
        await tx.query(insertEvent, ['late'])
        written.resolve()
        await mayCommit.promise
      })
      await written.promise
      await database!.query(insertEvent, ['early'])
      await follower.catchUp()
      expect(heard).toEqual([])
      expect(follower.heldMs).toBeGreaterThan(0)
      expect(await noTransactionHoldsLog(database!, 3_600)).toMatchObject([{ ok: true }])
      expect(await noTransactionHoldsLog(database!, 0)).toMatchObject([{ ok: false }])
      mayCommit.resolve()
      await late
      await eventually(async () => {
        await follower.catchUp()
        expect(heard.toSorted()).toEqual(['early', 'late'])
      })
      expect(follower.heldMs).toBe(0)
    })

    it('are reported by doctor if they have events with transaction ids of another database server', async () => {
      const [database] = databases
      await database!.query(insertEvent, ['foreign'])
      expect(await noTransactionHoldsLog(database!, 3_600)).toMatchObject([{ ok: true }])
      await database!.query(`update events set tx = '9000000000000' where id = 'foreign'`)
      expect(await noTransactionHoldsLog(database!, 3_600)).toMatchObject([
        { ok: false, message: expect.stringContaining('1 event has transaction ids of another database server') },
      ])
      await database!.query(`delete from events where id = 'foreign'`)
    })

    it('read past a transaction that stays open in another database', async () => {
      const [database] = databases
      const other = await createTestDatabase(testServer!)
      const elsewhere = openPostgresql(other.url)
      const heard: string[] = []
      const follower = await followerInto(heard, ['here', 'elsewhere'])
      const [written, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const open = elsewhere.transaction(async (tx) => {
        await tx.query('set local idle_in_transaction_session_timeout = 0')
        await tx.query(insertEvent, ['elsewhere'])
        written.resolve()
        await mayEnd.promise
      })
      await written.promise
      try {
        await database!.query(insertEvent, ['here'])
        // Another test file may be writing at this moment without a lock that shows where.
        await eventually(async () => {
          await follower.catchUp()
          expect(heard).toEqual(['here'])
        })
        expect(follower.heldMs).toBe(0)
        const [still] = await elsewhere.query<{ open: number }>(
          `select count(*)::int as open from pg_stat_activity
           where datname = current_database() and state = 'idle in transaction'`,
        )
        expect(still?.open).toBe(1)
      } finally {
        mayEnd.resolve()
        await open
        await elsewhere.close()
        await other.drop()
      }
    })
  },
)

const insertEvent = `
  insert into events (site, source, id, origin, type, order_id, occurred_at, data, content_hash)
  values ('main', 'sql', $1, 'writer', 'note.added', $1, now(), '{}', '')`

const renameSite = `update sites set name = jsonb_set(name, '{en}', to_jsonb((name ->> 'en') || '+')) where code = $1`

function entered(id: string, order: string, stage: string, minutes = 0): OrderEvent {
  const occurredAt = beginAt + minutes * 60_000
  return { source: 'wms', id, type: 'stage.entered', order, stage, occurredAt, data: {} }
}
