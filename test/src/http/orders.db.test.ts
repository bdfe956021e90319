import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { OrderDetail, OrdersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { orderDetail, ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from './call.ts'
import { expectProblem } from './expect-problem.ts'
import { someEvent } from './some-event.ts'

const hourMs = 3_600_000
const now = Date.UTC(2026, 10, 22, 12)
let server: StartedServer

/** An event that occurred this many hours ago. */
function ago(hours: number, order: string, type: string, more: Readonly<Record<string, unknown>> = {}) {
  const occurredAt = new Date(now - hours * hourMs).toISOString()
  return someEvent({ order, type, stage: undefined, occurredAt, ...more })
}

/**
 * The stage `cut` has a target of 4 h and stalls after 20 h; `sew` has neither limit. LATE is 6 h past its target,
 * LATER 16 h and unassigned, RISK at risk, HELD on hold, BETWEEN in no stage, DONE completed, GONE cancelled.
 */
const events = [
  ago(10, 'LATE', 'stage.entered', { stage: 'cut', actor: 'Ada', data: { customer: 'Acme 100%', product: 'Desk' } }),
  ago(30, 'LATER', 'order.placed', { data: { customer: 'Beta', promisedAt: new Date(now + hourMs).toISOString() } }),
  ago(20, 'LATER', 'stage.entered', { stage: 'cut' }),
  ago(3.5, 'RISK', 'stage.entered', { stage: 'cut', actor: 'Bob', data: { promisedAt: new Date(now).toISOString() } }),
  ago(now / hourMs, 'HELD', 'order.changed', { data: { quantity: 3 } }),
  ago(3, 'HELD', 'stage.entered', { stage: 'sew', data: { customer: 'acme' } }),
  ago(2, 'HELD', 'order.held', { data: { reason: 'no thread' } }),
  ago(9, 'BETWEEN', 'stage.entered', { stage: 'cut', actor: 'Ada' }),
  ago(8, 'BETWEEN', 'stage.started', { stage: 'cut' }),
  ago(7, 'BETWEEN', 'stage.completed', { stage: 'cut' }),
  ago(50, 'DONE', 'stage.entered', { stage: 'cut' }),
  ago(40, 'DONE', 'order.completed'),
  ago(50, 'GONE', 'stage.entered', { stage: 'cut' }),
  ago(40, 'GONE', 'order.cancelled'),
]

beforeAll(async () => {
  server = await startServer({ clock: new VirtualClock(now) })
  const { sites } = server.server
  const name = (text: string) => ({ zh: text, en: text })
  const stage = (code: string) => ({ code, name: name(code), warnAtRatio: 0.8, toleranceRatio: 0.1 })
  await (
    await sites.get('main')
  ).saveProcess({
    code: 'default',
    name: name('default'),
    stages: [{ ...stage('cut'), targetMs: 4 * hourMs, stallAfterMs: 20 * hourMs }, stage('sew')],
    acceptsNewStages: true,
    goals: {},
  })
  const key = await server.createKey(['ingest'])
  const reply = await call(`${server.url}/api/v1/events`, { key, body: events })
  expect(reply.body).toMatchObject({ accepted: events.length })
})
afterAll(() => server.close())

async function list(query: Readonly<Record<string, string>> = {}): Promise<OrdersAnswer> {
  const reply = await call(`${server.url}/api/v1/orders?${new URLSearchParams(query).toString()}`)
  expect(reply.status).toBe(200)
  return ordersAnswer.parse(reply.body)
}

async function names(query: Readonly<Record<string, string>>): Promise<string[]> {
  return (await list(query)).orders.map(({ order }) => order)
}

describe('the list of orders', () => {
  it.each([
    ['open', ['LATER', 'LATE', 'RISK', 'BETWEEN', 'HELD']],
    ['overdue', ['LATER', 'LATE']],
    ['unclaimed', ['LATER']],
    ['atRisk', ['RISK']],
    ['stalled', ['LATER']],
    ['held', ['HELD']],
    ['completed', ['DONE']],
  ])('knows who is %s', async (status, expected) => {
    expect(await names({ status })).toEqual(expected)
  })

  it.each([
    ['overdue', ['LATER', 'LATE', 'RISK', 'BETWEEN', 'DONE', 'GONE', 'HELD']],
    ['age', ['DONE', 'GONE', 'LATER', 'LATE', 'BETWEEN', 'RISK', 'HELD']],
    ['promise', ['RISK', 'LATER', 'BETWEEN', 'DONE', 'GONE', 'HELD', 'LATE']],
    ['order', ['BETWEEN', 'DONE', 'GONE', 'HELD', 'LATE', 'LATER', 'RISK']],
    // Orders without a value to sort by come last in both directions.
    ['-promise', ['LATER', 'RISK', 'LATE', 'HELD', 'GONE', 'DONE', 'BETWEEN']],
    ['-order', ['RISK', 'LATER', 'LATE', 'HELD', 'GONE', 'DONE', 'BETWEEN']],
    ['customer', ['HELD', 'LATE', 'LATER', 'BETWEEN', 'DONE', 'GONE', 'RISK']],
    ['-customer', ['LATER', 'LATE', 'HELD', 'RISK', 'GONE', 'DONE', 'BETWEEN']],
    ['owner', ['LATE', 'RISK', 'BETWEEN', 'DONE', 'GONE', 'HELD', 'LATER']],
    ['stage', ['LATE', 'LATER', 'RISK', 'HELD', 'BETWEEN', 'DONE', 'GONE']],
    ['dwell', ['LATER', 'LATE', 'RISK', 'HELD', 'BETWEEN', 'DONE', 'GONE']],
    ['quantity', ['HELD', 'BETWEEN', 'DONE', 'GONE', 'LATE', 'LATER', 'RISK']],
  ])('comes by %s', async (sort, expected) => {
    expect(await names({ sort })).toEqual(expected)
  })

  it.each([
    ['ACME', ['HELD', 'LATE']],
    ['late', ['LATE', 'LATER']],
    ['desk', ['LATE']],
    ['ada', ['LATE']],
    ['100%', ['LATE']],
    ['%', ['LATE']],
    ['_', []],
    ['\\', []],
    ['.*', []],
    ['(((((', []],
    ['', ['BETWEEN', 'DONE', 'GONE', 'HELD', 'LATE', 'LATER', 'RISK']],
  ])('is searched for "%s" as plain text', async (q, expected) => {
    expect(await names({ q, sort: 'order' })).toEqual(expected)
  })

  it('is narrowed by stage and by dimension', async () => {
    expect(await names({ stage: 'cut', sort: 'order' })).toEqual(['LATE', 'LATER', 'RISK'])
    expect(await names({ customer: 'Beta' })).toEqual(['LATER'])
    expect(await names({ customer: 'nobody' })).toEqual([])
    expect(await names({ customer: '', status: 'open', sort: 'order' })).toEqual(['BETWEEN', 'RISK'])
    expect(await names({ process: 'other' })).toEqual([])
  })

  it('by when orders ended knows those that did', async () => {
    const from = new Date(now - 40 * hourMs).toISOString()
    expect(await names({ from, sort: 'order' })).toEqual(['DONE', 'GONE'])
    expect(await names({ to: from })).toEqual([])
  })

  it('is not sorted by what nobody is to know', async () => {
    const keep = async (privacy: Readonly<Record<string, string>>) => {
      const body = { customers: 'shown', amounts: 'shown', people: 'shown', ...privacy }
      const key = await server.createKey(['admin'])
      const reply = await call(`${server.url}/api/v1/privacy`, {
        key,
        method: 'PUT',
        body,
        headers: { 'if-match': '*' },
      })
      expect(reply.status).toBe(200)
    }
    await keep({ customers: 'masked', people: 'team' })
    const byNumber = await names({ sort: 'order' })
    expect([await names({ sort: 'customer' }), await names({ sort: 'owner' })]).toEqual([byNumber, byNumber])
    await keep({})
    expect(await names({ sort: 'customer' })).not.toEqual(byNumber)
  })

  it.each(['overdue', '-customer', 'stage'])('comes in pages that together are the whole, by %s', async (sort) => {
    const whole = await names({ sort })
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await list({ limit: '2', cursor, sort })
      expect(page.total).toBe(whole.length)
      seen.push(...page.orders.map(({ order }) => order))
      cursor = page.cursor ?? ''
    } while (cursor !== '')
    expect(seen).toEqual(whole)
  })

  it('takes no cursor that was altered or belongs to another question', async () => {
    const { cursor = '' } = await list({ limit: '1', sort: 'age' })
    const altered = [
      cursor.slice(0, -2),
      `A${cursor.slice(1)}`,
      `${cursor}AAAA`,
      Buffer.from('[0,0,"A"]').toString('base64url'),
      'x',
    ].map((text) => ({ sort: 'age', cursor: text }))
    for (const query of [...altered, { sort: 'order', cursor }, { sort: 'age', status: 'open', cursor }]) {
      const reply = await call(`${server.url}/api/v1/orders?${new URLSearchParams(query).toString()}`)
      expectProblem(reply, 400, 'bad_request')
    }
  })

  it.each([
    'limit=abc',
    'limit=0',
    'limit=501',
    'limit=1e2',
    'limit=-1',
    'limit=1&limit=2',
    'limit[]=1',
    'limit=',
    'sort=name;drop table orders',
    'sort=overdue,order',
    'sort=constructor',
    'status=late',
    'status=',
    'unknown=1',
    '__proto__[x]=1',
    `q=${'x'.repeat(101)}`,
    'q=a&q=b',
    `stage=${'x'.repeat(201)}`,
    'from=yesterday',
    'from=2026-11-22',
    'to=1795000000000',
    'clock=wall',
  ])('refuses ?%s', async (query) => {
    const reply = await call(`${server.url}/api/v1/orders?${query}`)
    expectProblem(reply, 400, 'invalid_field')
    expect(reply.body).toMatchObject({ details: [{ field: query.split('=', 1)[0] }] })
  })
})

describe('one order', () => {
  async function detail(order: string): Promise<OrderDetail> {
    const reply = await call(`${server.url}/api/v1/orders/${order}`)
    expect(reply.status).toBe(200)
    return orderDetail.parse(reply.body)
  }

  it('says where it is and how late', async () => {
    expect(await detail('LATE')).toMatchObject({
      status: 'open',
      stage: 'cut',
      owner: 'Ada',
      customer: 'Acme 100%',
      overdue: true,
      unclaimed: false,
      dueAt: now - 6 * hourMs,
      overdueMs: 6 * hourMs,
      ageMs: 10 * hourMs,
      visits: [{ stage: 'cut', nth: 1, elapsedMs: 10 * hourMs, targetMs: 4 * hourMs, overdueMs: 6 * hourMs }],
      asOf: now,
    })
  })

  it('tells waiting from work, once work has begun', async () => {
    const { visits, stage } = await detail('BETWEEN')
    expect(stage).toBeUndefined()
    expect(visits).toMatchObject([
      { elapsedMs: 2 * hourMs, workingMs: 2 * hourMs, waitingMs: hourMs, overdueMs: 0, leftAt: now - 7 * hourMs },
    ])
    expect((await detail('LATE')).visits[0]).not.toHaveProperty('waitingMs')
  })

  it('is as old as its way through the stages, whatever is known since ever', async () => {
    expect(await detail('HELD')).toMatchObject({ ageMs: 3 * hourMs, firstAt: 0 })
  })

  it('counts a hold that goes on', async () => {
    expect(await detail('HELD')).toMatchObject({ held: true, reason: 'no thread', visits: [{ heldMs: 2 * hourMs }] })
  })

  it('shows its events in the order in which they apply, and which of them were taken back', async () => {
    const key = await server.createKey(['ingest'])
    const note = ago(1, 'VOIDED', 'stage.entered', { stage: 'sew' })
    const sent = [
      ago(0, 'VOIDED', 'event.voided', { data: { source: note['source'], id: note['id'], reason: 'typed' } }),
      ago(2, 'VOIDED', 'stage.entered', { stage: 'cut', actor: 'Ada' }),
      note,
    ]
    await call(`${server.url}/api/v1/events`, { key, body: sent })
    const { events: shown, visits } = await detail('VOIDED')
    expect(shown).toMatchObject([
      { type: 'stage.entered', stage: 'cut', actor: 'Ada', source: 'wms', voided: false },
      { type: 'stage.entered', stage: 'sew', voided: true },
      { type: 'event.voided', voided: false, data: { reason: 'typed' } },
    ])
    expect(shown.every(({ recordedAt }) => recordedAt > 0)).toBe(true)
    expect(visits.map(({ stage }) => stage)).toEqual(['cut'])
  })

  it('that is long comes in pages, which together are the whole, also where events share an instant', async () => {
    const key = await server.createKey(['ingest'])
    const minutes = [30, 30, 30, 20, 20, 10, 10]
    const sent = minutes.map((minute, i) =>
      ago(minute / 60, 'LONG', 'stage.entered', {
        stage: ['cut', 'sew'][i % 2],
        ...(i % 3 === 0 && { sequence: 10 - i }),
      }),
    )
    await call(`${server.url}/api/v1/events`, { key, body: sent })
    const whole = await detail('LONG')
    expect(whole).toMatchObject({ visitCount: whole.visits.length, events: { length: minutes.length } })
    expect(whole).not.toHaveProperty('visitsCursor')
    expect(whole).not.toHaveProperty('eventsCursor')
    for (const limit of [1, 2, 3]) {
      const { visits, events: shown, pages } = await inPages('LONG', limit)
      expect(visits).toEqual(whole.visits)
      expect(shown).toEqual(whole.events)
      expect(pages).toBe(Math.ceil(minutes.length / limit))
    }
  })

  /** All pages of an order, with this many visits and events per page. */
  async function inPages(order: string, limit: number) {
    const visits: OrderDetail['visits'] = []
    const shown: OrderDetail['events'] = []
    let [pages, next] = [0, '']
    for (;;) {
      const page = await detail(`${order}?limit=${limit}${next}`)
      pages += 1
      expect(Math.max(page.visits.length, page.events.length)).toBeLessThanOrEqual(limit)
      visits.push(...page.visits)
      shown.push(...page.events)
      if (page.eventsCursor === undefined) return { visits, events: shown, pages }
      next = `&eventsCursor=${page.eventsCursor}&visitsCursor=${page.visitsCursor ?? page.visitCount}`
    }
  }

  it.each(['limit=0', 'limit=1001', 'limit=x', 'visitsCursor=-1', 'eventsCursor=bm9uZQ'])(
    'refuses ?%s',
    async (query) => {
      const reply = await call(`${server.url}/api/v1/orders/LATE?${query}`)
      expectProblem(reply, 400, 'invalid_field')
      expect(reply.body).toMatchObject({ details: [{ field: query.split('=', 1)[0] }] })
    },
  )

  it.each(['NONE', '..%2F..%2Fetc%2Fpasswd', 'late', '%20', 'x'.repeat(200)])('is not found: %s', async (order) => {
    expectProblem(await call(`${server.url}/api/v1/orders/${order}`), 404, 'not_found')
  })

  it('whose name holds what no name may hold is refused', async () => {
    expectProblem(await call(`${server.url}/api/v1/orders/%00`), 400, 'invalid_text')
    expectProblem(await call(`${server.url}/api/v1/orders/${'x'.repeat(201)}`), 400, 'invalid_field')
  })
})
