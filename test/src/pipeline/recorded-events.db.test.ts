import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { recordedEvents } from '@stagewatch/server/analysis/recorded-events.ts'
import type { EventGroup, EventSelection } from '@stagewatch/server/analysis/recorded-events.ts'
import { ScanWatch } from '@stagewatch/server/engine/scans/scan-watch.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

const always = { from: 0, to: Infinity }

async function read(db: Queryable, site: string, selection: Partial<EventSelection> = {}): Promise<EventGroup[]> {
  const groups: EventGroup[] = []
  const pages = recordedEvents(
    db,
    site,
    { period: always, by: 'department', choice: {}, ...selection },
    new ScanWatch(),
  )
  for await (const page of pages) groups.push(...page.groups)
  return groups
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
  const logged = await database.query<{ order: string; at: number }>(
    `select order_id as "order", extract(epoch from occurred_at)::float8 * 1000 as at from events where site = 'departments'`,
  )
  const found = await read(database, 'departments')
  const expected = logged.map(({ order, at }) => {
    const visit = visits.findLast((one) => one.order === order && one.at <= at)
    return [at, visit?.department ?? current.find((one) => one.order === order)?.department ?? null] as const
  })
  const inOrder = (list: readonly (readonly [number, string | null])[]) =>
    list.toSorted(([a, x], [b, y]) => a - b || ((x ?? '') < (y ?? '') ? -1 : 1))
  expect(expected).toHaveLength(first.length + late.length)
  expect(inOrder(found.flatMap(({ name, occurredAt }) => occurredAt.map((at) => [at, name] as const)))).toEqual(
    inOrder(expected),
  )
  expect(new Set(found.map(({ name }) => name)).size).toBeGreaterThan(3)
})

describe('how late the events of chosen orders were reported', () => {
  /** Minutes after `beginAt` at which each happened, and minutes after that at which it was recorded. */
  const told = [
    {
      order: 'A',
      at: 0,
      lag: 3,
      source: 'erp',
      stage: 'pick',
      actor: 'li',
      data: { customer: 'Acme', department: 'store' },
    },
    { order: 'A', at: 70, lag: 5, source: 'erp', stage: 'pack', actor: 'li', data: { department: 'line' } },
    {
      order: 'B',
      at: 10,
      lag: 60,
      source: 'scanner',
      stage: 'pick',
      actor: null,
      data: { customer: 'Bolt', customerClass: 'gold' },
    },
    { order: 'B', at: 90, lag: -2, source: 'scanner', stage: 'pack', actor: 'wu', data: { product: 'P-1' } },
    { order: 'C', at: 20, lag: 1, source: 'file', stage: 'pick', actor: null, data: {}, imported: true },
  ] as const

  async function storeTold(site: string): Promise<void> {
    await store(site, [
      told.map(({ order, at, source, stage, actor, data }, i) =>
        entered(order, i, {
          source,
          stage,
          data,
          occurredAt: beginAt + at * minuteMs,
          ...(actor !== null && { actor }),
        }),
      ),
    ])
    for (const [i, { order, at, lag, ...more }] of told.entries())
      await database.query(
        `update events set recorded_at = to_timestamp($1::float8 / 1000), imported = $2 where site = $3 and id = $4`,
        [beginAt + (at + lag) * minuteMs, 'imported' in more, site, `${order}-${i}`],
      )
    // Its orders are missing.
    await store(`${site}-lost`, [[entered('LOST', 0)]])
    await database.query(`update events set site = $1 where site = $2`, [site, `${site}-lost`])
  }

  it.each([
    ['source', {}, { erp: [3, 5], scanner: [-2, 60] }],
    ['stage', {}, { pick: [3, 60], pack: [-2, 5] }],
    ['actor', {}, { li: [3, 5], wu: [-2], '': [60] }],
    ['department', {}, { store: [3], line: [5], '': [-2, 60] }],
    ['source', { department: ['store', ''] }, { erp: [3], scanner: [-2, 60] }],
    ['actor', { department: ['line'] }, { li: [5] }],
    ['source', { department: [] }, {}],
    ['stage', { customer: ['Bolt'] }, { pick: [60], pack: [-2] }],
    ['source', { customerClass: ['gold'] }, { scanner: [-2, 60] }],
    ['source', { customerClass: [''] }, { erp: [3, 5] }],
    ['source', { product: ['P-1', 'P-2'] }, { scanner: [-2, 60] }],
    ['source', { product: [''] }, { erp: [3, 5] }],
    ['source', { process: ['default'] }, { erp: [3, 5], scanner: [-2, 60] }],
    ['source', { process: ['other'] }, {}],
    // Of all orders and with the imported ones, for those who only want to know when a source sent.
    ['source', undefined, { erp: [3, 5], scanner: [-2, 60], file: [1], test: [undefined] }],
  ] as const)('is read by %s of %j', async (by, choice, expected) => {
    const site = `told-${by}-${JSON.stringify(choice ?? 'all').replaceAll(/\W/gu, '')}`
    await storeTold(site)
    const groups = await read(database, site, { by, choice })
    const lags: Record<string, (number | undefined)[]> = {}
    for (const { name, process, occurredAt, recordedAt } of groups) {
      const minutes = occurredAt.map((at, i) => (recordedAt[i]! - at) / minuteMs)
      lags[name ?? ''] = name === 'test' ? [undefined] : minutes.toSorted((a, b) => a - b)
      expect(process).toBe(by === 'stage' ? 'default' : null)
    }
    expect(lags).toEqual(expected)
  })

  it('is that of events recorded from the start of a period until before its end, of which imported ones are counted', async () => {
    await storeTold('told-period')
    const at = (minutes: number): number => beginAt + minutes * minuteMs
    const counted = async (from: number, to: number) => {
      const selection = { period: { from, to }, by: 'source', choice: {} } as const
      const { value } = await recordedEvents(database, 'told-period', selection, new ScanWatch()).next()
      if (value === undefined || 'reachesBackTo' in value) throw new Error('there is no page')
      return [
        value.importedCount,
        value.groups.flatMap(({ recordedAt }) => recordedAt.map((ms) => (ms - beginAt) / minuteMs)),
      ]
    }
    expect(await counted(at(3), at(70))).toEqual([1, [3]])
    expect(await counted(at(3) + 1, at(70) + 1)).toEqual([1, [70]])
    expect(await counted(at(21) + 1, at(71))).toEqual([0, [70]])
  })
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
  let received = 0
  const explained: Queryable = {
    ...database,
    async values(text, parameters = []) {
      const [plan] = await database.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `explain (analyze, format json) ${text}`,
        parameters,
      )
      rows += rowsOf(plan!['QUERY PLAN'][0].Plan)
      const values = await database.values(text, parameters)
      received += values.rowCount
      return values
    },
  }
  const found = await read(explained, 'giant')
  expect(found.flatMap(({ occurredAt }) => occurredAt)).toHaveLength(count)
  // Each page looks at all visits of the order once.
  expect(rows).toBeGreaterThan(count)
  expect(rows / count).toBeLessThan(200)
  // The event loop decodes a page at a time, whose events the database has grouped.
  expect(received / count).toBeLessThan(0.01)
})

/** Rows that the nodes of a plan returned or dropped. */
function rowsOf(node: PlanNode): number {
  const own = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
  return (node.Plans ?? []).reduce((sum, one) => sum + rowsOf(one), own)
}
