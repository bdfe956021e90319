import { tmpdir } from 'node:os'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import type { Database, Transaction } from '@stagewatch/db/database.ts'
import { createTestDatabase } from '@stagewatch/db/test-database.ts'
import { serverActor } from '@stagewatch/server/access/actor.ts'
import { boardOf, shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { checkHealth } from '@stagewatch/server/ops/check-health.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { afterStatement } from '../harness/after-statement.ts'
import { openSite, submitEvents } from '../harness/open-site.ts'
import { skipUnless } from '../harness/skip.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { startServer } from '../harness/start-server.ts'
import { lockRules, requireRules, rulesChannel } from '@stagewatch/server/rules/rules-version.ts'
import { versionOf } from '@stagewatch/server/platform/edit-version.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { systemClock } from '@stagewatch/server/platform/clock/clock.ts'
import { eventually } from '../harness/eventually.ts'

const testServer = process.env['TEST_DATABASE_URL']
const beginAt = Date.now() - 3_600_000

/** Orders end in packing. */
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

    /** Two pipelines that exchange no notifications and share only the database. */
    async function deafPair(): Promise<{ a: SitePipeline; b: SitePipeline; site: string }> {
      const site = nextSite()
      const a = await openSite({ database, clock: systemClock, site, origin: 'a' })
      await a.saveProcess(shipping)
      return { a, b: await openSite({ database, clock: systemClock, site, origin: 'b' }), site }
    }

    async function statuses(site: string): Promise<unknown[]> {
      return database.query('select order_id as "order", status from orders where site = $1 order by 1', [site])
    }

    it('apply to what the other one folds next, although it was not notified', async () => {
      const { a, b, site } = await deafPair()
      // b caches the order as folded by the previous rules.
      await submitEvents(b, [entered('SO-1', 'picking', 0)])
      await a.saveProcess(packedEnds)
      await submitEvents(b, [entered('SO-1', 'packing', 1), entered('SO-2', 'packing', 2)])
      expect(await statuses(site)).toEqual([
        { order: 'SO-1', status: 'completed' },
        { order: 'SO-2', status: 'completed' },
      ])
      expect(
        (await checkHealth(database, b, { now: systemClock.now(), archiveDirectory: tmpdir() })).find(
          ({ name }) => name === 'tables',
        )?.ok,
      ).toBe(true)
    })

    it('let two fold at a time, and are changed by nobody meanwhile', async () => {
      const { site } = await deafPair()
      const [row] = await database.query<{ version: number }>(
        'select rules_version as version from sites where code = $1',
        [site],
      )
      const soon = (work: (tx: Transaction) => Promise<void>): Promise<void> =>
        database.transaction(async (tx) => {
          await tx.query(`set local lock_timeout = '300ms'`)
          await work(tx)
        })
      await database.transaction(async (tx) => {
        await requireRules(tx, site, row!.version)
        await soon((other) => requireRules(other, site, row!.version))
        await expect(soon((other) => lockRules(other, site))).rejects.toThrow('too busy')
      })
      await soon((other) => lockRules(other, site))
    })

    it('apply to a rebuild that the other one runs, although it was not notified', async () => {
      const { a, b, site } = await deafPair()
      await submitEvents(b, [entered('SO-1', 'packing', 0)])
      await a.saveProcess(packedEnds)
      await b.rebuild()
      expect(await statuses(site)).toEqual([{ order: 'SO-1', status: 'completed' }])
    })

    it('are applied to every order while both receive events', async () => {
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

    it('learn first stages on both at once, and each keeps those of the other', async () => {
      for (let round = 0; round < 5; round++) {
        const site = nextSite()
        const [a, b] = [
          await openSite({ database, clock: systemClock, site, origin: 'a' }),
          await openSite({ database, clock: systemClock, site, origin: 'b' }),
        ]
        const took = await Promise.all([
          submitEvents(a, [entered('SO-1', 'cutting', 0), entered('SO-1', 'sewing', 1)]),
          submitEvents(b, [entered('SO-2', 'dyeing', 0), entered('SO-2', 'sewing', 1)]),
        ])
        expect(took).toMatchObject([{ accepted: 2 }, { accepted: 2 }])
        for (const each of [a, b]) {
          await each.sync()
          const known = each.catalog.get('default')?.stages.map(({ code }) => code)
          expect(known?.toSorted()).toEqual(['cutting', 'dyeing', 'sewing'])
        }
      }
    })

    describe('that listen', () => {
      let servers: StartedServer[]
      let databases: Database[]
      /** Moves only when advanced, so anything shown meanwhile was triggered by a notification. */
      let clock: VirtualClock
      beforeAll(async () => {
        databases = [openPostgresql(created.url), openPostgresql(created.url)]
        clock = new VirtualClock(Date.now())
        servers = await Promise.all(databases.map((each) => startServer({ database: each, clock })))
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
        await eventually(() => {
          clock.advanceTo(clock.now() + 1_000)
          expect(b!.engine.order('SO-1')).toBeDefined()
        })
        await a!.saveProcess(packedEnds)
        await eventually(() => {
          const now = Date.now()
          expect(boardOf(b!.engine, 'default', now)).toEqual(boardOf(a!.engine, 'default', now))
          expect(boardOf(b!.engine, 'default', now).kpis.open.count).toBe(0)
        })
      })

      it('are shown by the other one when only a target has changed', async () => {
        const [a, b] = await sameSite()
        await a!.saveProcess(shipping)
        const tight = shipping.stages.map((stage) => ({ ...stage, targetMs: 60_000 }))
        await a!.saveProcess({ ...shipping, stages: tight })
        await eventually(() =>
          expect(b!.catalog.get('default')?.stages.map(({ targetMs }) => targetMs)).toEqual([6e4, 6e4, 6e4, 6e4]),
        )
      })

      it('are shown by the other one when a draft is released, which of both at once is done by one', async () => {
        const [a, b] = await sameSite()
        await a!.saveProcess(shipping)
        await eventually(() => expect(b!.catalog.get('default')).toEqual(shipping))
        const base = versionOf(a!.catalog.histories()[0])
        const saved = await a!.drafts.save({ definition: packedEnds, base }, serverActor, null)
        expect(await b!.drafts.find('default')).toEqual(saved)
        const expected = versionOf({ definition: packedEnds, base })
        const release = { actor: serverActor, validFrom: undefined, expected }
        const released = await Promise.allSettled([
          a!.changeProcess((catalog) => catalog.release('default', { ...release, reason: 'by a' })),
          b!.changeProcess((catalog) => catalog.release('default', { ...release, reason: 'by b' })),
        ])
        expect(released.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
        await eventually(() => {
          for (const each of [a!, b!]) expect(each.catalog.get('default')).toEqual(packedEnds)
        })
        // From now on both end orders according to the release.
        for (const [i, each] of [a!, b!].entries()) await submitEvents(each, [entered(`SO-${i}`, 'packing', 1)])
        expect(await statuses(a!.site.code)).toEqual([
          { order: 'SO-0', status: 'completed' },
          { order: 'SO-1', status: 'completed' },
        ])
        const changes = await database.query('select action from changes where site = $1 order by id', [a!.site.code])
        expect(changes.slice(-2)).toEqual([{ action: 'process.saved' }, { action: 'process.released' }])
      })

      it('are shown by one that was opening the site when they changed', async () => {
        const [a] = await sameSite()
        await a!.saveProcess(shipping)
        const { code } = a!.site
        const own = openPostgresql(created.url)
        const [reached, mayGoOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
        const slow = afterStatement(own, async ({ text, parameters }) => {
          // At this point the rules have been read.
          if (!text.includes('from stage_hours') || parameters[0] !== code) return
          reached.resolve()
          await mayGoOn.promise
        })
        const third = await startServer({ database: slow, clock })
        try {
          const opening = third.server.sites.get(code)
          await reached.promise
          // Runs after the server's own listener on the same session.
          const told = Promise.withResolvers<void>()
          await own.listen(rulesChannel, (site) => site === code && told.resolve())
          const tight = shipping.stages.map((stage) => ({ ...stage, targetMs: 60_000 }))
          await a!.saveProcess({ ...shipping, stages: tight })
          await told.promise
          mayGoOn.resolve()
          const { catalog } = await opening
          await eventually(() =>
            expect(catalog.get('default')?.stages.map(({ targetMs }) => targetMs)).toEqual([6e4, 6e4, 6e4, 6e4]),
          )
        } finally {
          mayGoOn.resolve()
          await third.close()
          await own.close()
        }
      })

      it('are shown by the other one when a rebuild has mended the tables', async () => {
        const [a, b] = await sameSite()
        await a!.saveProcess(shipping)
        await submitEvents(a!, [entered('SO-1', 'packing', 0)])
        await database.query(`update orders set customer = 'wrong' where site = $1`, [a!.site.code])
        await b!.follow(['SO-1'], 0n)
        expect(b!.engine.order('SO-1')?.head.attributes.customer).toBe('wrong')
        await a!.rebuild()
        await eventually(() => expect(b!.engine.order('SO-1')?.head.attributes.customer).toBeUndefined())
      })
    })
  },
)

function entered(order: string, stage: string, minutes: number): OrderEvent {
  const occurredAt = beginAt + minutes * 60_000
  return { source: 'wms', id: `${order}-${stage}`, type: 'stage.entered', order, stage, occurredAt, data: {} }
}
