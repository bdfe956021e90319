import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { rebuildOrders } from '@stagewatch/server/projection/rebuild-orders.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSite, submitEvents } from '../harness/open-site.ts'

const beginAt = Date.parse('2026-11-20T09:00:00+08:00')
const minute = 60_000

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

/** A site with three orders, all visits of which have been given another stage. */
async function brokenSite(site: string): Promise<string> {
  const events = ['SO-1', 'SO-2', 'SO-3'].flatMap((order, n) =>
    ['picking', 'packing', 'shipping'].slice(n).map((stage, i): OrderEvent => {
      const occurredAt = beginAt + i * minute
      return { source: 'wms', id: `${order} ${stage}`, type: 'stage.entered', order, stage, occurredAt, data: {} }
    }),
  )
  const pipeline = await openSite({ database, clock: new VirtualClock(beginAt + 60 * minute), site })
  await submitEvents(pipeline, events)
  await pipeline.close()
  await database.query(`update visits set stage = 'broken' where site = $1`, [site])
  return site
}

async function stagesOf(site: string): Promise<Record<string, string>> {
  const rows = await database.query<{ order: string; stages: string }>(
    `select order_id as "order", string_agg(stage, ' ' order by visit_index) as stages from visits
     where site = $1 group by order_id`,
    [site],
  )
  return Object.fromEntries(rows.map(({ order, stages }) => [order, stages]))
}

const rules = { defaultProcess: 'default', rulesOf: () => ({ isTerminal: () => false }) }

describe('all orders of a site', () => {
  it('are folded again from the log, page by page, with what has been done so far', async () => {
    const site = await brokenSite('whole')
    const progress: number[] = []
    const current = { ...rules, requireCurrent: () => Promise.resolve() }
    const rebuilt = await rebuildOrders(database, site, current, (events) => progress.push(events), 2)
    expect(rebuilt).toEqual({ orders: 3, visits: 6, events: 6 })
    expect(progress).toEqual([5, 6])
    expect(await stagesOf(site)).toEqual({
      'SO-1': 'picking packing shipping',
      'SO-2': 'packing shipping',
      'SO-3': 'shipping',
    })
  })

  it('are written again where their rows are gone', async () => {
    const site = await brokenSite('lost')
    await database.query(`delete from visits where site = $1 and order_id <> 'SO-1'`, [site])
    await database.query(`delete from orders where site = $1 and order_id <> 'SO-1'`, [site])
    const current = { ...rules, requireCurrent: () => Promise.resolve() }
    expect(await rebuildOrders(database, site, current)).toEqual({ orders: 3, visits: 6, events: 6 })
    expect(await stagesOf(site)).toEqual({
      'SO-1': 'picking packing shipping',
      'SO-2': 'packing shipping',
      'SO-3': 'shipping',
    })
  })

  it('are not folded by rules that have changed since the rebuild began', async () => {
    const site = await brokenSite('changed')
    let pages = 0
    const outdated = {
      ...rules,
      requireCurrent: async () => {
        pages += 1
        if (pages === 2) throw new Error('the rules have changed')
      },
    }
    await expect(rebuildOrders(database, site, outdated, undefined, 2)).rejects.toThrow('the rules have changed')
    expect(await stagesOf(site)).toEqual({
      'SO-1': 'picking packing shipping',
      'SO-2': 'packing shipping',
      'SO-3': 'broken',
    })
  })
})
