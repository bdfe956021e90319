import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { boardOf, repair, shipping } from '@stagewatch/server/board/testing/board-of.ts'
import { VirtualClock } from '@stagewatch/server/clock/virtual-clock.ts'
import { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { arbitraryHistory } from '@stagewatch/server/engine/testing/arbitrary-history.ts'
import { loadOrders } from '@stagewatch/server/fold/load-orders.ts'
import type { SitePipeline } from '@stagewatch/server/pipeline.ts'
import { stageStatistics } from '@stagewatch/server/query/stage-stats.ts'
import { orderInScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSite, submitEvents } from '../harness/open-site.ts'

const beginAt = Date.parse('2026-11-20T09:13:00+08:00')
const numRuns = Number(process.env['FAST_CHECK_RUNS'] ?? 10)
const departments = ['east']

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

let sites = 0

it('the board of a department shows its visits and nothing else, whenever somebody began to look', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryHistory(beginAt, ['default', 'repair']),
      fc.nat(30),
      fc.nat(30),
      async (arrivals, lookedAt, definedAt) => {
        const clock = new VirtualClock(beginAt)
        const site = `site-${++sites}`
        const live = await openSite({ database, clock, site })
        for (const [i, { waitMs, events }] of arrivals.entries()) {
          if (i === lookedAt) await live.view(departments)
          if (i === definedAt) for (const process of [shipping, repair]) await live.saveProcess(process)
          clock.advanceTo(clock.now() + waitMs)
          await submitEvents(live, events)
        }
        for (const process of [shipping, repair]) await live.saveProcess(process)
        clock.advanceTo(clock.now() + 1000)
        const { engine } = await live.view(departments)
        const scratch = await fromScratch(live, clock.now())
        for (const process of ['default', 'repair']) {
          expect(boardOf(engine, process, clock.now())).toEqual(boardOf(scratch, process, clock.now()))
        }
        const asked = await stageStatistics(live.engine, { department: departments }, clock.now())
        const ofView = await stageStatistics(engine, {}, clock.now())
        expect(figures(ofView)).toEqual(figures(asked))
        await live.close()
      },
    ),
    { numRuns },
  )
})

/** Stages that nobody of the department has visited have nothing to say. */
function figures(stages: Awaited<ReturnType<typeof stageStatistics>>) {
  return stages
    .filter(({ visits, wip }) => visits + wip > 0)
    .map(({ stage, process, visits, orders, wip, overdue, atRisk, rework, meanMs, maxMs, breaches }) => {
      return { process, stage, visits, orders, wip, overdue, atRisk, rework, meanMs, maxMs, breaches }
    })
}

async function fromScratch(live: SitePipeline, now: number): Promise<LiveEngine> {
  const engine = new LiveEngine('Asia/Shanghai')
  for (const history of live.catalog.histories()) engine.setProcess(history, now)
  const rows = await database.query<{ order: string }>('select order_id as "order" from orders where site = $1', [
    live.site.code,
  ])
  const stored = await loadOrders(
    database,
    live.site.code,
    rows.map(({ order }) => order),
  )
  for (const { order, process, state, eventCount } of stored) {
    engine.apply(order, process, state && orderInScope(state, departments), eventCount, now)
  }
  return engine
}
