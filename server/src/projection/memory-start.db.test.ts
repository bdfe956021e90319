import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { estimateVisits, loadMemoryStart } from './memory-start.ts'
import { saveOrders } from './save-orders.ts'

const at = (time: string) => Date.parse(`2026-11-23T${time}Z`)

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

/** Orders that were in picking until these times and have been in packing since. */
async function save(site: string, ...times: readonly string[]): Promise<void> {
  const changes = times.map((time, i) => {
    const order = `SO-${i}`
    const events = eventLog(
      ['stage.entered', at('01:00:00'), { stage: 'picking', order }],
      ['stage.entered', at(time), { stage: 'packing', order }],
    )
    const state = foldOrder(order, events, { isTerminal: () => false })
    return { order, process: 'default', eventCount: 2, savedEventCount: 0, state, savedVisits: [] }
  })
  await database.transaction((tx) => saveOrders(tx, site, changes))
}

it('memory begins with the full hour after the newest visit for which it has no room', async () => {
  await save('main', '13:00:00', '09:59:59.999', '12:10:00')
  await save('other', '20:00:00', '21:00:00')
  const start = (maxVisits: number) => loadMemoryStart(database, 'main', maxVisits)
  expect(await start(0)).toBe(at('14:00:00'))
  expect(await start(1)).toBe(at('13:00:00'))
  expect(await start(2)).toBe(at('10:00:00'))
  expect(await start(3)).toBe(-Infinity)
  await database.query('analyze visits')
  expect(await estimateVisits(database)).toBe(10)
  expect(await start(2)).toBe(at('10:00:00'))
  expect(await start(1_000)).toBe(-Infinity)
})
