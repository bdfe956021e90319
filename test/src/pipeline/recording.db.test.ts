import { applyChanges } from '@stagewatch/shared/domain/board-delta.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { boardOf, repair, shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { arbitraryHistory, historySpanMs } from '@stagewatch/server/engine/testing/arbitrary-history.ts'
import { foldAgain } from '@stagewatch/server/projection/fold-orders.ts'
import { loadEvents } from '@stagewatch/server/log/load-events.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import { Recording } from '@stagewatch/server/live/recordings/recording.ts'
import { Recordings } from '@stagewatch/server/live/recordings/recordings.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import { effectiveEvents } from '@stagewatch/shared/domain/effective-events.ts'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSite, submitEvents } from '../harness/open-site.ts'

const beginAt = Date.parse('2026-11-20T09:13:00+08:00')
const hourMs = 3_600_000
/** Not an integer, so that steps fall between two milliseconds as with a real clock. */
const speed = 600.001
const numRuns = Number(process.env['FAST_CHECK_RUNS'] ?? 10)

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

let sites = 0

it('a recording shows at each instant what the events up to it say, and its deltas lead there', async () => {
  const halfHours = fc.integer({ min: 0, max: 24 })
  await fc.assert(
    fc.asyncProperty(arbitraryHistory(beginAt, ['default', 'repair']), halfHours, async (arrivals, startsAfter) => {
      const clock = new VirtualClock(beginAt + historySpanMs)
      const pipeline = await openSite({ database, clock, site: `site-${++sites}` })
      for (const process of [shipping, repair]) await pipeline.saveProcess(process)
      for (const { events } of arrivals) await submitEvents(pipeline, events)
      clock.advanceTo(clock.now() + 24 * hourMs)

      const from = beginAt + startsAfter * (hourMs / 2)
      const request = { from, to: from + 20 * hourMs, speed }
      const deltas: BoardDelta[] = []
      const failed = (error: unknown): void => expect.fail(String(error))
      const recording = await Recording.open({
        pipeline,
        database,
        clock,
        scope: undefined,
        request,
        deltas: { delta: (_room, delta) => void deltas.push(delta) },
        failed,
        reserve: () => undefined,
      })
      const publisher = recording.view.boards.find('overview')!
      const first = publisher.snapshot()
      for (let i = 0; i < 10; i++) {
        clock.advanceTo(clock.now() + 250 * 48)
        // `every` continues once the promise of its last turn has settled.
        await Promise.resolve()
        const scratch = await asOf(pipeline, recording.now)
        for (const process of ['default', 'repair']) {
          const shown = boardOf(recording.view.engine, process, recording.now)
          expect(shown).toEqual(boardOf(scratch, process, recording.now))
        }
      }
      const last = publisher.snapshot()
      expect(recording.now).toBeGreaterThan(from)
      expect(last).toMatchObject({ recording: request })
      const led = deltas.reduce((board, { changes, to, asOf: at }) => {
        return { ...applyChanges(board, changes), version: to, asOf: at }
      }, first)
      expect(led).toEqual({ ...last, asOf: led.asOf })
      recording.close()
      await pipeline.close()
    }),
    { numRuns },
  )
})

it('a recording shows what happened at its first and at its last instant, and nothing later', async () => {
  const clock = new VirtualClock(beginAt + 24 * hourMs)
  const pipeline = await openSite({ database, clock, site: `site-${++sites}` })
  await pipeline.saveProcess(shipping)
  const to = beginAt + 3 * hourMs
  const events = [beginAt, to, to + 1].map((occurredAt, i) => {
    const id = String(i)
    return {
      source: 'wms',
      id,
      type: 'stage.entered',
      order: `SO-${i}`,
      stage: 'picking',
      occurredAt,
      data: {},
    } as const
  })
  await submitEvents(pipeline, events)
  const recording = await Recording.open({
    pipeline,
    database,
    clock,
    scope: undefined,
    request: { from: beginAt, to, speed },
    reserve: () => undefined,
    deltas: { delta: () => undefined },
    failed: (error) => expect.fail(String(error)),
  })
  const openCount = () => boardOf(recording.view.engine, 'default', recording.now).kpis.open.count
  expect(openCount()).toBe(1)
  for (let i = 0; i < 100; i++) {
    clock.advanceTo(clock.now() + 250)
    await Promise.resolve()
  }
  expect(recording.now).toBe(to)
  expect(openCount()).toBe(2)
  recording.close()
  await pipeline.close()
})

it('a recording that cannot go on is reported once, tells its viewers, and stands still', async () => {
  const clock = new VirtualClock(beginAt + 24 * hourMs)
  const pipeline = await openSite({ database, clock, site: `site-${++sites}` })
  await pipeline.saveProcess(shipping)
  const event = { source: 'wms', type: 'stage.entered', order: 'SO-1', data: {} } as const
  await submitEvents(pipeline, [
    { ...event, id: '1', stage: 'picking', occurredAt: beginAt },
    { ...event, id: '2', stage: 'packing', occurredAt: beginAt + hourMs },
    { ...event, id: '3', stage: 'shipped', occurredAt: beginAt + 2 * hourMs },
  ])
  let isBroken = false
  const catalog = new Proxy(pipeline.catalog, {
    get(target, name) {
      if (isBroken && name === 'rulesOf') throw new Error('the rules cannot be read')
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  const errors: unknown[] = []
  const recording = await Recording.open({
    pipeline: {
      site: pipeline.site,
      catalog,
      departments: pipeline.departments,
      isMissing: () => false,
      translations: pipeline.translations,
    },
    database,
    clock,
    scope: undefined,
    request: { from: beginAt, to: beginAt + 3 * hourMs, speed },
    reserve: () => undefined,
    deltas: { delta: () => undefined },
    failed: (error) => errors.push(error),
  })
  recording.view.boards.find('overview')!.snapshot()
  expect(recording.problems()).toEqual([])
  isBroken = true
  for (let i = 0; i < 100; i++) {
    clock.advanceTo(clock.now() + 250)
    await Promise.resolve()
  }
  expect(errors).toEqual([new Error('the rules cannot be read')])
  expect(recording.problems()).toMatchObject([{ board: 'overview', code: 'internal' }])
  expect(recording.now).toBeLessThan(beginAt + hourMs)
  recording.close()
  await pipeline.close()
})

it('a recording that was ended stands still, and ending it again frees no second place', async () => {
  const clock = new VirtualClock(beginAt + 24 * hourMs)
  const pipeline = await openSite({ database, clock, site: `site-${++sites}` })
  const recordings = new Recordings()
  const options = {
    pipeline,
    database,
    clock,
    scope: undefined,
    request: { from: beginAt, to: beginAt + 3 * hourMs, speed },
    deltas: { delta: () => undefined },
    failed: (error: unknown) => expect.fail(String(error)),
  }
  const [ended, other] = [await recordings.open('viewer', options), await recordings.open('viewer', options)]
  clock.advanceTo(clock.now() + 250)
  expect([...recordings]).toEqual([ended, other])
  recordings.end(ended)
  recordings.end(ended)
  expect([...recordings]).toEqual([other])
  expect(recordings.usage).toMatchObject({ recordings: { size: 1 }, recordings_of_viewer: { size: 1 } })
  const stoodAt = ended.now
  // A quarter of a second at this speed.
  expect(stoodAt).toBe(beginAt + 150_000)
  for (let i = 0; i < 3; i++) {
    clock.advanceTo(clock.now() + 250)
    await Promise.resolve()
  }
  expect(ended.now).toBe(stoodAt)
  expect(other.now).toBeGreaterThan(stoodAt)
  recordings.end(other)
  await pipeline.close()
})

/** An engine with all events up to the instant, except those that were voided since. */
async function asOf({ site, catalog }: SitePipeline, instant: number): Promise<LiveEngine> {
  const engine = new LiveEngine('Asia/Shanghai')
  for (const history of catalog.histories()) engine.setProcess(history, instant)
  const rows = await database.query<{ order: string }>(
    'select distinct order_id as "order" from events where site = $1',
    [site.code],
  )
  const orders = rows.map(({ order }) => order)
  for (const [order, log] of await loadEvents(database, site.code, orders)) {
    const happened = effectiveEvents(order, log).events.filter(({ occurredAt }) => occurredAt <= instant)
    if (happened.length === 0) continue
    const { process, state, eventCount } = foldAgain(order, happened, catalog)
    engine.apply(order, process, state, eventCount, instant)
  }
  return engine
}
