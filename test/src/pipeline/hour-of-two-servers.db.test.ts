import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSite, submitEvents } from '../harness/open-site.ts'

const beginAt = Date.parse('2026-11-20T09:13:00+08:00')
const hourMs = 3_600_000

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

it('an hour that turns on two servers at once is written once, with the numbers of the log', async () => {
  const clock = new VirtualClock(beginAt)
  const a = await openSite({ database, clock, site: 'hours', origin: 'a' })
  await a.saveProcess(shipping)
  await submitEvents(a, [entered('SO-1', 0), entered('SO-2', 1)])
  const b = await openSite({ database, clock, site: 'hours', origin: 'b' })
  clock.advanceTo(beginAt + 4 * hourMs)
  await Promise.all([a.captureHour(), b.captureHour(), a.captureHour()])
  const written = await rows()
  const newest = written.findLast((row) => row.stage === 'picking')
  expect(newest).toMatchObject({ wip: 2, overdue: 2 })
  expect(new Set(written.map(({ stage, hour }) => `${stage} ${hour}`)).size).toBe(written.length)

  // Running it again on both servers changes no row.
  await Promise.all([b.captureHour(), a.captureHour()])
  expect(await rows()).toEqual(written)
  await Promise.all([a.close(), b.close()])
})

interface Row {
  readonly stage: string
  readonly hour: string
  readonly wip: number
  readonly overdue: number
  /** The transaction that wrote the row. */
  readonly version: string
}

function rows(): Promise<Row[]> {
  return database.query<Row>(
    `select stage, hour_at::text as hour, wip_count as wip, overdue_count as overdue, xmin::text as version
     from stage_hours where site = 'hours' order by hour_at, stage`,
  )
}

function entered(order: string, minutes: number): OrderEvent {
  const occurredAt = beginAt + minutes * 60_000
  return { source: 'wms', id: order, type: 'stage.entered', order, stage: 'picking', occurredAt, data: {} }
}
