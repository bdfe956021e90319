import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { boardOf, repair, shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { maxViews } from '@stagewatch/server/boards/department-views.ts'
import type { SiteView } from '@stagewatch/server/boards/site-view.ts'
import { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { arbitraryHistory } from '@stagewatch/server/engine/testing/arbitrary-history.ts'
import type { Arrival } from '@stagewatch/server/engine/testing/arbitrary-history.ts'
import { loadOrders } from '@stagewatch/server/projection/load-orders.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import { stageStatistics } from '@stagewatch/server/query/stage-stats.ts'
import { orderInScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSite, submitEvents } from '../harness/open-site.ts'

const beginAt = Date.parse('2026-11-20T09:13:00+08:00')
const numRuns = Number(process.env['FAST_CHECK_RUNS'] ?? 5)
const departments = ['east']

/** An order that exceeds a limit only because of its hold, and moves to another department while on hold. */
const onHoldElsewhere: Arrival[] = [
  {
    waitMs: 0,
    events: [
      { ...ofHeld('e1', 0), type: 'order.held' },
      { ...ofHeld('e2', 0), type: 'stage.started', stage: 'packing', data: { department: 'east' } },
      { ...ofHeld('e3', 94), type: 'stage.started', stage: 'picking' },
    ],
  },
]

function ofHeld(id: string, minute: number): Omit<OrderEvent, 'type'> {
  return { source: 'erp', id, order: 'SO-1', occurredAt: beginAt + minute * 60_000, data: {} }
}

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
    { numRuns, examples: [[onHoldElsewhere, 0, 0]] },
  )
})

it('views are no more than a site has room for, and those that somebody looks at stay', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 24))
  const live = await openSite({ database, clock, site: `site-${++sites}` })
  const watched = await live.view(['watched'])
  const isWatched = (view: SiteView): boolean => view === watched
  for (let i = 0; i < 3 * maxViews; i++) {
    live.closeUnusedViews(isWatched)
    clock.advanceTo(clock.now() + 1)
    await live.view([`department ${i}`])
  }
  // The whole site has a view of its own.
  expect(live.views()).toHaveLength(maxViews + 1)
  expect(live.views()).toContain(watched)
  live.closeUnusedViews(() => true)
  await expect(live.view(['one more'])).rejects.toMatchObject({ code: 'overloaded' })
  live.closeUnusedViews(isWatched)
  clock.advanceTo(clock.now() + 120_000)
  live.closeUnusedViews(isWatched)
  expect(live.views()).toHaveLength(2)
  await live.close()
})

it('the view that has not been used for longest makes room, and not the one opened first', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 24))
  const live = await openSite({ database, clock, site: `site-${++sites}` })
  const look = (department: string): Promise<SiteView> => {
    clock.advanceTo(clock.now() + 1)
    return live.view([department])
  }
  const [first, second, third] = [await look('0'), await look('1'), await look('2')]
  for (let i = 3; i < maxViews; i++) await look(String(i))
  live.closeUnusedViews(() => false)
  expect(await look('0')).toBe(first)
  await look('one more')
  expect(live.views()).not.toContain(second)
  expect(live.views()).toContain(first)
  await look('another')
  expect(live.views()).not.toContain(third)
  expect(live.views()).toContain(first)
  expect(live.views()).toHaveLength(maxViews + 1)
  await live.close()
})

it('a view that is opened later knows the lead times of the last seven days', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 24, 12))
  const live = await openSite({ database, clock, site: `site-${++sites}` })
  const hourMs = 3_600_000
  const event = { source: 'erp', order: 'SO-1', data: { department: 'east' } }
  const endedAt = clock.now() - (7 * 24 - 1) * hourMs
  await submitEvents(live, [
    { ...event, id: 'placed', type: 'order.placed', occurredAt: endedAt - 30 * hourMs },
    { ...event, id: 'entered', type: 'stage.entered', stage: 'picking', occurredAt: endedAt - 20 * hourMs },
    { ...event, id: 'completed', type: 'order.completed', occurredAt: endedAt },
  ])
  const { engine } = await live.view(departments)
  for (const each of [live.engine, engine]) {
    const { leadTime } = boardOf(each, 'default', clock.now()).kpis
    expect(leadTime).toMatchObject({ count: 1, medianMs: 30 * hourMs })
  }
  await live.close()
})

it('a view holds nothing of orders that it has nothing to do with', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 24, 12))
  const live = await openSite({ database, clock, site: `site-${++sites}` })
  const event = (n: number, department: string, minute: number): OrderEvent => ({
    source: 'test',
    id: `${n}-${minute}`,
    type: 'stage.entered',
    order: `SO-${n}`,
    stage: 'pick',
    occurredAt: clock.now() - (60 - minute) * 60_000,
    data: { department },
  })
  await submitEvents(
    live,
    Array.from({ length: 50 }, (_, n) => event(n, 'fleet', 0)),
  )
  const { engine } = await live.view(['store'])
  expect([engine.orders.size, engine.removedOrders.size]).toEqual([0, 0])
  await submitEvents(live, [event(1_000, 'store', 0)])
  expect(engine.orders.size).toBe(1)
  await live.close()
})

/** Excludes stages that no order of the department has visited. */
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
