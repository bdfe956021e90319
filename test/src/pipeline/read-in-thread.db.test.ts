import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { StoredOrder } from '@stagewatch/server/projection/load-orders.ts'
import { readAllOrders } from '@stagewatch/server/projection/read-all-orders.ts'
import { readInThread } from '@stagewatch/server/projection/read-orders.ts'
import { concurrentLog } from '@stagewatch/shared/domain/testing/arbitrary-events.ts'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSite, submitEvents } from '../harness/open-site.ts'
import { skipUnless } from '../harness/skip.ts'

const beginAt = Date.UTC(2026, 10, 22)
const orderCount = 1_200
const onServer = skipUnless(
  process.env['TEST_DATABASE_URL'] !== undefined,
  'reading in a thread (it needs TEST_DATABASE_URL: the embedded database has one connection)',
)

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

it('a thread reads the orders that are read without one, in more pages than may wait', onServer, async () => {
  const { url = '' } = database
  const live = await openSite({ database, clock: new VirtualClock(beginAt), site: 'main' })
  const [log = []] = fc.sample(concurrentLog('SO-0'), { numRuns: 1, seed: 1 })
  const logOf = (i: number) =>
    log.slice(0, 1 + (i % log.length)).map((event) => ({ ...event, order: `SO-${i}`, id: `${i}-${event.id}` }))
  await submitEvents(live, Array.from({ length: orderCount }, (_, i) => logOf(i)).flat())
  await live.close()

  const read: StoredOrder[] = []
  await readAllOrders(database, 'main', {}, (page) => void read.push(...page))
  const pages: (readonly StoredOrder[])[] = []
  await readInThread({ url, site: 'main', bounds: {} }, (page) => void pages.push(page))
  expect(read).toHaveLength(orderCount)
  expect(pages.length).toBeGreaterThan(2)
  expect(pages.flat()).toStrictEqual(read)

  const refuse = () => {
    throw new RangeError('no room')
  }
  await expect(readInThread({ url, site: 'main', bounds: {} }, refuse)).rejects.toThrow('no room')
})

it('what a database refuses the thread is told as without one', onServer, async () => {
  const elsewhere = new URL(database.url ?? '')
  elsewhere.pathname = '/stagewatch_no_such_database'
  await expect(readInThread({ url: elsewhere.href, site: 'main', bounds: {} }, () => undefined)).rejects.toThrow(
    'stagewatch_no_such_database',
  )
})
