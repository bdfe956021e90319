import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { BoardNumbers } from '@stagewatch/server/boards/build-board.ts'
import { boardOf, repair, shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { arbitraryHistory } from '@stagewatch/server/engine/testing/arbitrary-history.ts'
import { foldAgain } from '@stagewatch/server/projection/fold-orders.ts'
import { loadEvents } from '@stagewatch/server/log/load-events.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import { bucketMs } from '@stagewatch/server/engine/bucket-series.ts'
import { historyOfStages } from '@stagewatch/server/query/condition-history.ts'
import type { ConditionHistory } from '@stagewatch/server/query/condition-history.ts'
import { stageStatistics } from '@stagewatch/server/query/stage-stats.ts'
import type { StageStats } from '@stagewatch/shared/contract/stage-stats.ts'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSite, submitEvents } from '../harness/open-site.ts'

const beginAt = Date.parse('2026-11-20T09:13:00+08:00')
const numRuns = Number(process.env['FAST_CHECK_RUNS'] ?? 10)

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

let sites = 0

it('the live state equals the state after a restart, and the result of folding the log from scratch', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryHistory(beginAt, ['default', 'repair']), fc.nat(30), async (arrivals, definedAt) => {
      const clock = new VirtualClock(beginAt)
      const site = `site-${++sites}`
      const live = await openSite({ database, clock, site })
      live.boards.find('overview')
      for (const [i, { waitMs, events }] of arrivals.entries()) {
        // Until then the stages are learned from the events, and none of them ends an order.
        if (i === definedAt) for (const process of [shipping, repair]) await live.saveProcess(process)
        clock.advanceTo(clock.now() + waitMs)
        await submitEvents(live, events)
      }
      for (const process of [shipping, repair]) await live.saveProcess(process)
      clock.advanceTo(clock.now() + 1000)
      await live.close()

      const restarted = await openSite({ database, clock, site })
      expect(await everything(live)).toEqual(await everything(restarted))
      const scratch = await fromScratch(site, live, clock.now())
      for (const process of ['default', 'repair'])
        expect(boardOf(live.engine, process, clock.now())).toEqual(boardOf(scratch, process, clock.now()))
      expect(await stageStatistics(live.engine, {})).toEqual(await stageStatistics(scratch, {}))
      expect(pastOf(live.engine, clock.now())).toEqual(pastOf(scratch, clock.now()))
      await restarted.close()
    }),
    { numRuns },
  )
})

async function everything(
  pipeline: SitePipeline,
): Promise<{ boards: BoardNumbers[]; statistics: StageStats[]; past: unknown }> {
  const boards = ['overview', 'overview:repair'].map((board) => {
    const {
      epoch: _epoch,
      version: _version,
      bottleneck: _remembered,
      ...rest
    } = pipeline.boards.find(board)!.snapshot()
    return rest
  })
  const until = pipeline.boards.find('overview')?.snapshot().asOf ?? beginAt
  return { boards, statistics: await stageStatistics(pipeline.engine, {}), past: pastOf(pipeline.engine, until) }
}

/** The number of orders in each condition at every quarter hour of the history. */
function pastOf(engine: LiveEngine, until: number): Record<string, ConditionHistory> {
  const from = Math.ceil(beginAt / bucketMs) * bucketMs
  const marks = Array.from({ length: Math.floor((until - from) / bucketMs) + 1 }, (_, i) => from + i * bucketMs)
  const visited = engine.stages().filter(({ visitCount }) => visitCount > 0)
  return Object.fromEntries(
    visited.map((stage) => [`${stage.process} ${stage.definition.code}`, historyOfStages([stage], marks)]),
  )
}

async function fromScratch(site: string, { catalog }: SitePipeline, now: number): Promise<LiveEngine> {
  const engine = new LiveEngine('Asia/Shanghai')
  for (const history of catalog.histories()) engine.setProcess(history, now)
  const rows = await database.query<{ order: string }>(
    'select distinct order_id as "order" from events where site = $1',
    [site],
  )
  for (const [order, log] of await loadEvents(
    database,
    site,
    rows.map((row) => row.order),
  )) {
    const { process, state, eventCount } = foldAgain(order, log, catalog)
    engine.apply(order, process, state, eventCount, now)
  }
  return engine
}
