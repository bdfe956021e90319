import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { repair, shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSite } from '../harness/open-site.ts'

const occurredAt = Date.UTC(2026, 10, 22)
const clock = new VirtualClock(occurredAt + 86_400_000)

let database: Database
let site: SitePipeline
beforeAll(async () => {
  database = await openTestDatabase()
  site = await openSite({ database, clock, site: 'again' })
  await site.saveProcess(shipping)
})
afterAll(() => database.close())

const [first = ''] = shipping.stages.map(({ code }) => code)

function event(id: string, more: Partial<OrderEvent> = {}): OrderEvent {
  const same = { source: 'erp', type: 'stage.entered', order: 'SO-1', stage: first, occurredAt } as const
  return { ...same, id, data: { customer: 'ACME' }, ...more }
}

function submissionOf(events: readonly OrderEvent[], imported = true) {
  const items = events.map((one, index) => ({ index, ok: true as const, event: one, raw: one }))
  return { sender: 'test', items, imported }
}

it('an imported event that is known with other facts is restated, and one that says another thing a conflict', async () => {
  expect(await site.submit(submissionOf([event('1')]))).toMatchObject({ accepted: 1 })
  const renamed = event('1', { data: { customer: 'Other' } })
  const restated = { index: 0, status: 'duplicate', restated: true }
  expect(await site.submit(submissionOf([renamed]))).toMatchObject({ duplicate: 1, results: [restated] })
  expect(await site.submit(submissionOf([event('1', { actor: 'zoe' })]))).toMatchObject({ results: [restated] })
  const conflict = { results: [{ status: 'rejected', code: 'conflict' }] }
  expect(await site.submit(submissionOf([event('1', { occurredAt: occurredAt + 1 })]))).toMatchObject(conflict)
  expect(await site.submit(submissionOf([event('1', { order: 'SO-2' })]))).toMatchObject(conflict)
  // Outside of an import, another event with the same number is a conflict.
  expect(await site.submit(submissionOf([renamed], false))).toMatchObject(conflict)
  const { results } = await site.submit(submissionOf([event('1')]))
  expect(results).toEqual([{ index: 0, status: 'duplicate' }])
})

it('a trial tells what would become of events, by the rules and by a process that is not saved, and keeps nothing', async () => {
  const [welding = ''] = repair.stages.map(({ code }) => code)
  const tried = [
    event('1', { data: { customer: 'Third' } }),
    event('2', { order: 'SO-3' }),
    event('3', { order: 'SO-4', stage: welding, data: { process: repair.code } }),
  ]
  const without = await site.try(submissionOf(tried))
  expect(without.results).toMatchObject([
    { status: 'duplicate', restated: true },
    { status: 'accepted' },
    { status: 'rejected', code: 'unknown_process' },
  ])
  const once = await site.try(submissionOf(tried), repair)
  expect(once).toMatchObject({ accepted: 2, duplicate: 1, rejected: 0 })
  expect(await site.try(submissionOf(tried), repair)).toEqual(once)
  const stored = await database.query<{ count: number }>(
    `select count(*)::int as count from events where site = 'again' and order_id in ('SO-3', 'SO-4')`,
  )
  expect(stored).toEqual([{ count: 0 }])
  expect(site.catalog.get(repair.code)).toBeUndefined()
})
