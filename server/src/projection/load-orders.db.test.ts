import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { concurrentLog } from '@stagewatch/shared/domain/testing/arbitrary-events.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FoldedChange } from './folded-change.ts'
import { loadOrderPage, loadOrders } from './load-orders.ts'
import type { StoredOrder } from './load-orders.ts'
import { readAllOrders } from './read-all-orders.ts'
import { saveOrders } from './save-orders.ts'

const minute = 60_000

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
  await save('SO-none', ['order.placed', 0])
  await save('SO-five', ...['a', 'b', 'c', 'd', 'e'].map((stage, i) => entered(stage, i * minute)))
})
afterAll(() => database.close())

function entered(stage: string, at: number): HistoryEntry {
  return ['stage.entered', at, { stage }]
}

async function save(order: string, ...history: readonly HistoryEntry[]): Promise<void> {
  const events = eventLog(...history).map((event) => ({ ...event, order }))
  await saveFolded('main', [folded(order, events)])
}

function folded(order: string, events: readonly OrderEvent[]): FoldedChange {
  const state = foldOrder(order, events, { isTerminal: () => false })
  return { order, process: 'default', eventCount: events.length, savedEventCount: 0, state, savedVisits: [] }
}

async function saveFolded(site: string, changes: readonly FoldedChange[]): Promise<void> {
  await database.transaction((tx) => saveOrders(tx, site, changes))
}

describe('a page of the visits of an order', () => {
  it.each([
    { from: 0, limit: 2, stages: ['a', 'b'] },
    { from: 1, limit: 2, stages: ['b', 'c'] },
    // The first and the last visit are read with every page, next to which they are here.
    { from: 1, limit: 3, stages: ['b', 'c', 'd'] },
    { from: 2, limit: 2, stages: ['c', 'd'] },
    { from: 2, limit: 3, stages: ['c', 'd', 'e'] },
    { from: 3, limit: 9, stages: ['d', 'e'] },
    { from: 5, limit: 2, stages: [] },
  ])('from $from of $limit has $stages', async ({ from, limit, stages }) => {
    const read = await loadOrderPage(database, 'main', 'SO-five', { from, limit })
    expect(read?.page.visits.map(({ stage }) => stage)).toEqual(stages)
    expect(read?.page.visitCount).toBe(5)
    expect(read?.stored.state?.visits.map(({ stage }) => stage)).toEqual(['a', 'e'])
  })

  it('is empty for an order without a visit, and there is none of an unknown order', async () => {
    const read = await loadOrderPage(database, 'main', 'SO-none', { from: 0, limit: 2 })
    expect(read?.page).toEqual({ visits: [], visitCount: 0 })
    expect(read?.stored).toMatchObject({ order: 'SO-none', eventCount: 1, state: { visits: [] } })
    expect(await loadOrderPage(database, 'main', 'SO-new', { from: 0, limit: 2 })).toBeUndefined()
    expect(await loadOrderPage(database, 'other', 'SO-five', { from: 0, limit: 2 })).toBeUndefined()
  })
})

it('orders are read with all of their visits, and those that are unknown are left out', async () => {
  const read = await loadOrders(database, 'main', ['SO-five', 'SO-new', 'SO-none'])
  const told = read.map(({ order, state }) => [order, state?.visits.map(({ stage }) => stage)] as const)
  expect(new Map(told)).toEqual(
    new Map([
      ['SO-five', ['a', 'b', 'c', 'd', 'e']],
      ['SO-none', []],
    ]),
  )
})

it('orders are read as they were folded, row by row and by copying', async () => {
  const logs = fc.sample(concurrentLog('SO-0'), { numRuns: 100, seed: 5 })
  const changes = logs.map((log, i) => {
    const order = `SO-${String(i).padStart(3, '0')}`
    return folded(
      order,
      log.map((event) => ({ ...event, order })),
    )
  })
  await saveFolded('drawn', changes)
  const copied: StoredOrder[] = []
  await readAllOrders(database, 'drawn', {}, (page) => void copied.push(...page))
  expect(copied.map(({ order, state }) => [order, state?.visits])).toEqual(
    changes.map(({ order, state }) => [order, state?.visits]),
  )
  const named = changes.map(({ order }) => order)
  const read = new Map((await loadOrders(database, 'drawn', named)).map((stored) => [stored.order, stored]))
  expect(read).toEqual(new Map(copied.map((stored) => [stored.order, stored])))
  const visits = copied.flatMap(({ state }) => state?.visits ?? [])
  expect(visits.some(({ heldSince }) => heldSince !== undefined)).toBe(true)
})
