import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { bucketMs } from '@stagewatch/server/engine/bucket-series.ts'
import { historySpanMs, siteLog } from '@stagewatch/server/engine/testing/arbitrary-history.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { historyOfStages } from '@stagewatch/server/query/condition-history.ts'
import { overview } from '@stagewatch/server/query/overview.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import { eventTypes } from '@stagewatch/shared/domain/order-event.ts'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSite, submitEvents } from '../harness/open-site.ts'
import { hour, nine, Plant } from './timed-plant.ts'

const beginAt = Date.parse('2026-11-20T09:00:00+08:00')
const numRuns = Number(process.env['FAST_CHECK_RUNS'] ?? 5)
const marks = Array.from({ length: historySpanMs / bucketMs }, (_, i) => beginAt + i * bucketMs)

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

let sites = 0

async function newSite(clock: VirtualClock): Promise<SitePipeline> {
  const site = await openSite({ database, clock, site: `past-${++sites}` })
  await site.saveProcess(shipping)
  return site
}

/** The current counts of each stage. */
function shown({ engine }: SitePipeline) {
  return shipping.stages.map(({ code }) => {
    const { overdue = 0, atRisk = 0, stalled = 0 } = engine.process('default')?.stage(code)?.counts ?? {}
    return { code, overdue, atRisk, stalled }
  })
}

/** The recorded counts of each mark, read afterwards. */
function told({ engine }: SitePipeline) {
  const ofStages = shipping.stages.map(({ code }) => {
    const stage = engine.process('default')?.stage(code)
    return { code, history: historyOfStages(stage === undefined ? [] : [stage], marks) }
  })
  return marks.map((_, i) =>
    ofStages.map(({ code, history: { overdue, atRisk, stalled } }) => ({
      code,
      overdue: overdue[i],
      atRisk: atRisk[i],
      stalled: stalled[i],
    })),
  )
}

/** Excludes events that change the past retroactively. */
const inTime = eventTypes.filter((type) => type !== 'event.voided' && type !== 'stage.completed')

it('the past is told as it was shown, also after a restart, and of orders that were imported later', async () => {
  await fc.assert(
    fc.asyncProperty(siteLog(beginAt, ['default'], inTime), async (log) => {
      const clock = new VirtualClock(beginAt - 1)
      const live = await newSite(clock)
      const happened = [...Map.groupBy(log, ({ occurredAt }) => occurredAt)].toSorted(([a], [b]) => a - b)
      const seen = []
      for (const mark of marks) {
        while ((happened[0]?.[0] ?? Infinity) <= mark) {
          const [at = mark, events = []] = happened.shift() ?? []
          clock.advanceTo(at)
          await submitEvents(live, events)
        }
        clock.advanceTo(mark)
        live.engine.advance(mark)
        seen.push(shown(live))
      }
      expect(told(live)).toEqual(seen)
      await live.close()

      const restarted = await openSite({ database, clock, site: live.site.code })
      expect(told(restarted)).toEqual(seen)
      await restarted.close()

      const imported = await newSite(clock)
      const known = log.filter(({ occurredAt }) => occurredAt <= clock.now())
      await submitEvents(imported, known.toReversed())
      expect(told(imported)).toEqual(seen)
      await imported.close()
    }),
    { numRuns },
  )
})

it('late events, and those that take others back, correct the past', async () => {
  const plant = await new Plant(database).open()
  const at = async (hours: number) => {
    const now = plant.clock.now()
    const { days, atRisk, stalled } = await overview(plant.pipeline.engine, {}, now)
    const index = [nine + hours * hour]
    const { atRisk: risks, stalled: stalls } = historyOfStages(plant.pipeline.engine.stages(), index)
    expect(days.at(-1)).toMatchObject({ atRisk: atRisk.count, stalled: stalled.count })
    return { atRisk: risks[0], stalled: stalls[0] }
  }
  const scan = { stage: 'picking', id: 'scan' }
  await plant.happens('stage.entered', { stage: 'picking' })
  plant.at(nine + 8 * hour)
  expect(await at(2.5)).toEqual({ atRisk: 1, stalled: 0 })
  expect(await at(6)).toEqual({ atRisk: 0, stalled: 1 })
  await plant.happens('stage.started', { ...scan, occurredAt: nine + 4 * hour })
  expect(await at(6)).toEqual({ atRisk: 0, stalled: 0 })
  await plant.happens('event.voided', { id: 'void', data: { source: 'wms', id: 'scan' } })
  expect(await at(6)).toEqual({ atRisk: 0, stalled: 1 })
  await plant.happens('stage.entered', { stage: 'packing', occurredAt: nine + 2 * hour })
  expect(await at(2.5)).toEqual({ atRisk: 0, stalled: 0 })
  expect(await at(3.25)).toEqual({ atRisk: 1, stalled: 0 })
  expect(await at(6)).toEqual({ atRisk: 0, stalled: 0 })
  await plant.pipeline.close()
  await plant.open()
  expect(await at(3.25)).toEqual({ atRisk: 1, stalled: 0 })
})
