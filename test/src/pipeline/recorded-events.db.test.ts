import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { recordedEvents } from '@stagewatch/server/analysis/recorded-events.ts'
import type { RecordedEvent } from '@stagewatch/server/analysis/recorded-events.ts'
import { ScanWatch } from '@stagewatch/server/engine/scans/scan-watch.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSite, submitEvents } from '../harness/open-site.ts'

const beginAt = Date.parse('2026-11-02T08:00:00+08:00')
const minuteMs = 60_000
const stages = ['pick', 'pack', 'check'] as const
const departments = ['store', 'line', undefined, 'lab'] as const

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

function entered(order: string, i: number, change: Partial<OrderEvent> = {}): OrderEvent {
  const department = departments[i % departments.length]
  return {
    source: 'test',
    id: `${order}-${i}`,
    type: 'stage.entered',
    order,
    stage: stages[i % stages.length]!,
    occurredAt: beginAt + i * minuteMs,
    data: department === undefined ? {} : { department },
    ...change,
  }
}

/** Stores the events, one request for each list. */
async function store(site: string, requests: readonly (readonly OrderEvent[])[]): Promise<void> {
  const live = await openSite({ database, clock: new VirtualClock(beginAt + 100_000 * minuteMs), site })
  for (const events of requests) await submitEvents(live, [...events])
  await live.close()
}

async function read(db: Queryable, site: string): Promise<RecordedEvent[]> {
  const period = { from: 0, to: Date.now() + 86_400_000_000 }
  const found: RecordedEvent[] = []
  for await (const page of recordedEvents(db, site, period, new ScanWatch())) found.push(...page)
  return found
}

it('tells the department that had an order when an event happened, in whichever order the events came', async () => {
  const orders = ['SO-1', 'SO-2', 'SO-3']
  const first = orders.flatMap((order) => Array.from({ length: 12 }, (_, i) => entered(order, i)))
  const late = orders.flatMap((order, n) => [
    entered(order, 5, { id: `${order}-late`, stage: 'repair', occurredAt: beginAt + (5.5 + n) * minuteMs, data: {} }),
    // At the instant at which a visit begins, and before the first one.
    entered(order, 7, { id: `${order}-started`, type: 'stage.started' }),
    entered(order, 0, { id: `${order}-early`, type: 'order.placed', occurredAt: beginAt - minuteMs, data: {} }),
  ])
  await store('elsewhere', [first.slice(0, 12)])
  await store('departments', [first, late])
  const visits = await database.query<{ order: string; at: number; department: string | null }>(
    `select order_id as "order", extract(epoch from entered_at)::float8 * 1000 as at, department
     from visits where site = 'departments' order by order_id, visit_index`,
  )
  const current = await database.query<{ order: string; department: string | null }>(
    `select order_id as "order", department from orders where site = 'departments'`,
  )
  const logged = await database.query<{ order: string }>(
    `select order_id as "order" from events where site = 'departments' order by tx desc, position desc`,
  )
  const found = await read(database, 'departments')
  expect(found).toHaveLength(first.length + late.length)
  const expected = found.map(({ occurredAt }, i) => {
    const { order } = logged[i]!
    const visit = visits.findLast((one) => one.order === order && one.at <= occurredAt)
    return visit?.department ?? current.find((one) => one.order === order)?.department ?? null
  })
  expect(found.map(({ department }) => department)).toEqual(expected)
  expect(new Set(expected).size).toBeGreaterThan(3)
})

interface PlanNode {
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly PlanNode[]
}

it('reads no more for an event of an order with thousands of them than for one of a short order', async () => {
  const count = 4_000
  await store('giant', [Array.from({ length: count }, (_, i) => entered('SO-GIANT', i))])
  let rows = 0
  const explained: Queryable = {
    ...database,
    async values(text, parameters = []) {
      const [plan] = await database.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `explain (analyze, format json) ${text}`,
        parameters,
      )
      rows += rowsOf(plan!['QUERY PLAN'][0].Plan)
      return database.values(text, parameters)
    },
  }
  expect(await read(explained, 'giant')).toHaveLength(count)
  // Each page looks at all visits of the order once.
  expect(rows).toBeGreaterThan(count)
  expect(rows / count).toBeLessThan(200)
})

/** Rows that the nodes of a plan returned or dropped. */
function rowsOf(node: PlanNode): number {
  const own = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
  return (node.Plans ?? []).reduce((sum, one) => sum + rowsOf(one), own)
}
