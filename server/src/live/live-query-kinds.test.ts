import type { QueryWatch } from '@stagewatch/shared/contract/live-query.ts'
import type { OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../access/caller.ts'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { ordersByMinute, overviewByMinute, parseLiveQuery } from './live-query-kinds.ts'
import type { LiveQueryContext, LiveQueryDefinition } from './live-query-kinds.ts'

const began = Date.UTC(2026, 10, 29, 8)
const minuteMs = 60_000
const clerk: Caller = {
  kind: 'person',
  name: 'li@example.com',
  id: 'li',
  site: 'main',
  actions: new Set(['board.read', 'orders.read']),
  privacy: openPrivacy,
}
const machine: Caller = { kind: 'key', name: 'erp', id: 'k1', site: 'main', actions: new Set(), privacy: openPrivacy }

function parse(watch: Partial<QueryWatch>, asker: Caller = clerk): LiveQueryDefinition {
  return parseLiveQuery({ kind: 'orders', search: '', ...watch }, asker)
}

describe('a live query', () => {
  it('has the parameters of the request over HTTP, and is the same in any order of them', () => {
    const { key, topics, action } = parse({ search: 'limit=20&customer=Acme&customer=Beta&site=other' })
    expect(key).toMatchObject(['orders', { limit: 20, customer: ['Acme', 'Beta'] }])
    expect(JSON.stringify(key)).not.toContain('site')
    expect({ topics, action }).toEqual({
      topics: ['orders', 'alerts', 'approvals', 'handovers'],
      action: 'orders.read',
    })
    expect(parse({ search: 'customer=Acme&limit=20' }).key).toEqual(parse({ search: 'limit=20&customer=Acme' }).key)
    expect(parse({ kind: 'overview', search: 'customer=Acme' }).key).toMatchObject(['overview', { customer: ['Acme'] }])
  })

  it.each<[string, Partial<QueryWatch>]>([
    ['a number twice', { search: 'limit=1&limit=2' }],
    ['what there is not', { search: 'colour=red' }],
    ['an order without a number', { kind: 'order' }],
    ['an order whose number has a control character', { kind: 'order', order: 'SO\u00001' }],
  ])('is refused if it asks for %s', (_, watch) => {
    expect(() => parse(watch)).toThrow(expect.objectContaining({ code: 'bad_request' }))
  })

  it('of an order is the same for each way to write its number', () => {
    expect(parse({ kind: 'order', order: 'Cafe\u0301' }).key).toEqual(parse({ kind: 'order', order: 'Caf\u00E9' }).key)
    expect(parse({ kind: 'order', order: 'SO-1' }).key).not.toEqual(parse({ kind: 'order', order: 'SO-2' }).key)
  })

  it('of tasks is another one for each person, and after their rights have changed', () => {
    const { key } = parse({ kind: 'tasks' })
    expect(parse({ kind: 'tasks' }, { ...clerk }).key).toEqual(key)
    expect(parse({ kind: 'tasks' }, { ...clerk, id: 'wang' }).key).not.toEqual(key)
    expect(parse({ kind: 'tasks' }, { ...clerk, actions: new Set(['orders.read']) }).key).not.toEqual(key)
  })

  it('of an upload or an import is another one for each person', () => {
    for (const kind of ['upload', 'import'] as const) {
      const { key, action } = parse({ kind, id: '7' })
      expect(action).toBe('imports.manage')
      expect(parse({ kind, id: '7' }, { ...clerk, name: 'wang@example.com' }).key).not.toEqual(key)
      expect(parse({ kind, id: '8' }).key).not.toEqual(key)
    }
  })

  it.each([undefined, '', 'x', '-1', '1.5', '7 ', '1234567890123456'])('of the import "%s" is refused', async (id) => {
    const { answer } = parse({ kind: 'import', ...(id !== undefined && { id }) })
    await expect(answer(contextAt(began), clerk)).rejects.toMatchObject({ code: 'bad_request' })
  })
})

describe('the live message center', () => {
  it('has the messages of the person who asks, at their site', async () => {
    const { key, answer, topics } = parse({ kind: 'inbox' })
    expect({ key, topics }).toEqual({ key: ['inbox', 'li'], topics: ['inbox'] })
    expect(await answer(contextAt(began), clerk)).toEqual({
      messages: [],
      unreadCount: 3,
      asOf: began,
      position: '0',
    })
  })

  it('is only for people', () => {
    const refused = expect.objectContaining({ code: 'forbidden' })
    const { id: _id, ...nameless } = clerk
    for (const asker of [machine, nameless]) expect(() => parse({ kind: 'inbox' }, asker)).toThrow(refused)
  })
})

describe('the live counts of changes', () => {
  let changes: LiveQueryDefinition
  const counts = { tasks: 0, alerts: 0, 'alert-rules': 0, approvals: 0, handovers: 0, rules: 0 }

  beforeEach(() => (changes = parse({ kind: 'changes' })))

  it('count each change of what pages request again, since the first question', async () => {
    expect(await changes.answer(contextAt(began), clerk)).toEqual({ since: began, counts, asOf: began, position: '0' })
    for (const topic of ['tasks', 'rules', 'rules', 'orders', 'inbox'] as const) changes.changed?.(topic)
    expect(await changes.answer(contextAt(began + 5_000), clerk)).toEqual({
      since: began,
      counts: { ...counts, tasks: 1, rules: 2 },
      asOf: began + 5_000,
      position: '0',
    })
  })

  it('are left as they were in an answer that was already given', async () => {
    const before = await changes.answer(contextAt(began), clerk)
    changes.changed?.('alerts')
    expect(before).toMatchObject({ counts })
  })
})

describe('durations that grow with time', () => {
  const order: OrderSummary = {
    order: 'SO-1',
    process: 'default',
    status: 'open',
    overdue: false,
    atRisk: false,
    stalled: false,
    held: false,
    unclaimed: false,
    ageMs: 3 * minuteMs - 1,
  }

  it('are whole minutes in lists of orders', () => {
    const late = { ...order, order: 'SO-2', overdue: true, ageMs: 3 * minuteMs, overdueMs: 90_000 }
    const answer = { orders: [order, late], total: 2, asOf: began, position: '7' }
    expect(ordersByMinute(answer)).toEqual({
      ...answer,
      orders: [
        { ...order, ageMs: 2 * minuteMs },
        { ...late, overdueMs: minuteMs },
      ],
    })
    expect(ordersByMinute(answer).orders[0]).not.toHaveProperty('overdueMs')
  })

  it('are whole minutes in the overview', () => {
    const signed = { promised: 0, onTime: 0, signed: 0 }
    const answer = {
      from: began,
      to: began + 3 * minuteMs + 1,
      overdue: { count: 0, unclaimed: 0, judged: 0 },
      stalled: { count: 0, judged: 0 },
      atRisk: { count: 0, soon: 0, soonWithinMs: 1 },
      open: { count: 0, held: 0, arrived: 0, departed: 0 },
      signed: { ...signed, previous: signed },
      days: [],
      lateness: {
        overdueMs: 5 * minuteMs - 1,
        visits: 2,
        departments: [{ department: 'packing', overdueMs: 90_000, visits: 2 }],
      },
      asOf: began + 3 * minuteMs + 1,
      position: '7',
    }
    expect(overviewByMinute(answer)).toEqual({
      ...answer,
      to: began + 3 * minuteMs,
      lateness: {
        overdueMs: 4 * minuteMs,
        visits: 2,
        departments: [{ department: 'packing', overdueMs: minuteMs, visits: 2 }],
      },
    })
  })
})

/** Only what these queries ask for. */
function contextAt(now: number): LiveQueryContext {
  const context: Pick<LiveQueryContext, 'clock' | 'inbox'> = {
    clock: new VirtualClock(now),
    inbox: async (site, person) => ({ messages: [], unreadCount: site === 'main' && person === 'li' ? 3 : 0 }),
  }
  return context as LiveQueryContext
}
