import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { createTestDatabase } from '@stagewatch/db/test-database.ts'
import { boardOf, shipping } from '@stagewatch/server/board/testing/board-of.ts'
import { checkHealth } from '@stagewatch/server/query/check-health.ts'
import type { SitePipeline } from '@stagewatch/server/pipeline.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openSite, submitEvents } from '../harness/open-site.ts'
import { skipUnless } from '../harness/skip.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { startServer } from '../harness/start-server.ts'
import { systemClock } from '@stagewatch/server/clock/clock.ts'

const testServer = process.env['TEST_DATABASE_URL']
const beginAt = Date.now() - 3_600_000

/** Ends an order where it is packed. */
const packedEnds: ProcessDefinition = {
  ...shipping,
  stages: shipping.stages.map(({ terminal: _other, ...stage }) =>
    stage.code === 'packing' ? { ...stage, terminal: true } : stage,
  ),
}

describe(
  'rules that are changed on one of two servers',
  skipUnless(testServer !== undefined, 'several servers (need PostgreSQL)'),
  () => {
    let created: Awaited<ReturnType<typeof createTestDatabase>>
    let database: Database
    beforeAll(async () => {
      created = await createTestDatabase(testServer!)
      database = openPostgresql(created.url)
    })
    afterAll(async () => {
      await database.close()
      await created.drop()
    })

    let sites = 0
    const nextSite = () => `site-${++sites}`

    /** Two pipelines that hear nothing of each other but through the database. */
    async function deafPair(): Promise<{ a: SitePipeline; b: SitePipeline; site: string }> {
      const site = nextSite()
      const a = await openSite({ database, clock: systemClock, site, origin: 'a' })
      await a.saveProcess(shipping)
      return { a, b: await openSite({ database, clock: systemClock, site, origin: 'b' }), site }
    }

    async function statuses(site: string): Promise<unknown[]> {
      return database.query('select order_id as "order", status from orders where site = $1 order by 1', [site])
    }

    it('hold for what the other one folds next, although it was not told', async () => {
      const { a, b, site } = await deafPair()
      // Remembered by b as folded by the rules of before.
      await submitEvents(b, [entered('SO-1', 'picking', 0)])
      await a.saveProcess(packedEnds)
      await submitEvents(b, [entered('SO-1', 'packing', 1), entered('SO-2', 'packing', 2)])
      expect(await statuses(site)).toEqual([
        { order: 'SO-1', status: 'completed' },
        { order: 'SO-2', status: 'completed' },
      ])
      expect((await checkHealth(database, b, systemClock.now())).find(({ name }) => name === 'tables')?.ok).toBe(true)
    })

    it('hold for a rebuild that the other one runs, although it was not told', async () => {
      const { a, b, site } = await deafPair()
      await submitEvents(b, [entered('SO-1', 'packing', 0)])
      await a.saveProcess(packedEnds)
      await b.rebuild()
      expect(await statuses(site)).toEqual([{ order: 'SO-1', status: 'completed' }])
    })

    it('leave no order behind while both take events', async () => {
      const { a, b, site } = await deafPair()
      const submits = Array.from({ length: 40 }, (_, i) =>
        submitEvents(b, [entered(`SO-${i}`, 'picking', i), entered(`SO-${i}`, 'packing', i + 1)]),
      )
      await a.saveProcess(packedEnds)
      await Promise.all(submits)
      await submitEvents(b, [entered('SO-last', 'packing', 0)])
      expect(new Set((await statuses(site)).map((row) => (row as { status: string }).status))).toEqual(
        new Set(['completed']),
      )
    })

    describe('that listen', () => {
      let servers: StartedServer[]
      let databases: Database[]
      beforeAll(async () => {
        databases = [openPostgresql(created.url), openPostgresql(created.url)]
        servers = await Promise.all(databases.map((each) => startServer({ database: each })))
      })
      afterAll(async () => {
        await Promise.all(servers.map((server) => server.close()))
        await Promise.all(databases.map((each) => each.close()))
      })

      async function sameSite(): Promise<SitePipeline[]> {
        const site = nextSite()
        const found: SitePipeline[] = []
        for (const { server } of servers) found.push(await server.sites.getOrCreate(site))
        return found
      }

      it('are shown by the other one, with the orders as folded by them', async () => {
        const [a, b] = await sameSite()
        await a!.saveProcess(shipping)
        await submitEvents(a!, [entered('SO-1', 'packing', 0)])
        await vi.waitFor(() => expect(b!.engine.order('SO-1')).toBeDefined())
        await a!.saveProcess(packedEnds)
        // The server itself would look after five seconds; a notice is faster.
        await vi.waitFor(() => {
          const now = Date.now()
          expect(boardOf(b!.engine, 'default', now)).toEqual(boardOf(a!.engine, 'default', now))
          expect(boardOf(b!.engine, 'default', now).kpis.open.count).toBe(0)
        }, 4_000)
      })

      it('are shown by the other one when only a target has changed', async () => {
        const [a, b] = await sameSite()
        await a!.saveProcess(shipping)
        const tight = shipping.stages.map((stage) => ({ ...stage, targetMs: 60_000 }))
        await a!.saveProcess({ ...shipping, stages: tight })
        await vi.waitFor(
          () => expect(b!.catalog.get('default')?.stages.map(({ targetMs }) => targetMs)).toEqual([6e4, 6e4, 6e4, 6e4]),
          4_000,
        )
      })

      it('are shown by the other one when a rebuild has mended the tables', async () => {
        const [a, b] = await sameSite()
        await a!.saveProcess(shipping)
        await submitEvents(a!, [entered('SO-1', 'packing', 0)])
        await database.query(`update orders set customer = 'wrong' where site = $1`, [a!.site.code])
        await b!.follow(['SO-1'], 0n)
        expect(b!.engine.order('SO-1')?.head.facts.customer).toBe('wrong')
        await a!.rebuild()
        await vi.waitFor(() => expect(b!.engine.order('SO-1')?.head.facts.customer).toBeUndefined(), 4_000)
      })
    })
  },
)

function entered(order: string, stage: string, minutes: number): OrderEvent {
  const occurredAt = beginAt + minutes * 60_000
  return { source: 'wms', id: `${order}-${stage}`, type: 'stage.entered', order, stage, occurredAt, data: {} }
}
