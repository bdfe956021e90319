import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { boardJoinAnswer } from '@stagewatch/shared/contract/socket.ts'
import { ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { join, openScreen } from '../live/screen.ts'

const clock = new VirtualClock(Date.UTC(2026, 10, 24, 16))
const open = { customers: 'shown', amounts: 'shown', people: 'shown' } as const
let server: StartedServer
let key: string
let admin: string

beforeAll(async () => {
  server = await startServer({ clock })
  key = await server.createKey(['read'])
  admin = await server.createKey(['admin'])
  const ingest = await server.createKey(['ingest'])
  const data = {
    customer: '华辰重工集团',
    customerClass: 'key account',
    amount: 186_400,
    currency: 'CNY',
    product: 'Pump',
    // Fields without a predefined meaning may contain anything.
    salesperson: 'zhao.min',
    billing: { payer: { name: '华辰重工集团', contact: 'sun.lei' }, lines: [{ amount: 186_400 }] },
  }
  const at = (hour: number) => new Date(Date.UTC(2026, 10, 24, hour)).toISOString()
  const events = [
    { source: 'erp', id: '1', type: 'order.placed', order: 'SO-1', occurredAt: at(8), actor: 'wang.fang', data },
    {
      source: 'erp',
      id: '2',
      type: 'stage.entered',
      order: 'SO-1',
      stage: 'pick',
      occurredAt: at(9),
      actor: 'li.ming',
    },
    {
      source: 'erp',
      id: '3',
      type: 'note.added',
      order: 'SO-1',
      occurredAt: at(10),
      actor: 'wang.fang',
      data: { text: '华辰重工集团 has not called li.ming' },
    },
  ]
  const process = {
    code: 'default',
    name: { zh: '订单', en: 'Orders' },
    acceptsNewStages: true,
    goals: {},
    stages: [
      { code: 'pick', name: { zh: '拣货', en: 'Pick' }, targetMs: 3_600_000, warnAtRatio: 0.8, toleranceRatio: 0.1 },
    ],
  }
  const saved = await call(`${server.url}/api/v1/admin/processes/default`, { key: admin, method: 'PUT', body: process })
  expect(saved.status).toBe(200)
  expect((await call(`${server.url}/api/v1/events`, { key: ingest, body: events })).status).toBe(200)
})
afterAll(() => server.close())

const read = (path: string) => call(`${server.url}${path}`, { key })

async function keep(change: Record<string, string>): Promise<void> {
  const body = { ...open, ...change }
  const reply = await call(`${server.url}/api/v1/privacy`, { key: admin, method: 'PUT', body })
  expect(reply).toMatchObject({ status: 200, body })
}

async function everythingTold(): Promise<string> {
  const paths = ['/api/v1/board', '/api/v1/orders', '/api/v1/orders/SO-1']
  const replies = await Promise.all(paths.map((path) => read(path)))
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
  const views = ['orders', 'visits'].map((view) => server.database.query(`select * from bi.${view}`))
  return JSON.stringify([replies.map(({ body }) => body), await Promise.all(views)])
}

/** Values of fields without a predefined meaning. */
const unknown = /zhao\.min|sun\.lei|salesperson|billing/

describe('a site that hides nothing', () => {
  it('shows customers, amounts and people', async () => {
    await keep({})
    const told = await everythingTold()
    for (const name of ['华辰重工集团', '186400', 'CNY', 'wang.fang', 'li.ming']) expect(told).toContain(name)
    expect((await read('/api/v1/orders/SO-1')).body).toMatchObject({
      reason: '华辰重工集团 has not called li.ming',
      events: [{ data: { customerClass: 'key account' }, otherData: { salesperson: 'zhao.min' } }, {}, {}],
    })
  })

  it('includes only the documented fields in lists', async () => {
    await keep({})
    expect((await read('/api/v1/orders')).body).toMatchObject({ orders: [{ customerClass: 'key account' }] })
    expect(JSON.stringify((await read('/api/v1/orders')).body)).not.toMatch(unknown)
  })
})

describe('a site that masks its customers', () => {
  it('shows the beginning of their names', async () => {
    await keep({ customers: 'masked' })
    const told = await everythingTold()
    expect(told).not.toMatch(/重工|key account/)
    expect(told).not.toMatch(unknown)
    expect(told).toContain('华辰**')
    expect(told).toContain('华辰** has not called li.ming')
  })

  it('does not let them be searched, filtered or distinguished', async () => {
    await keep({ customers: 'masked' })
    expect(ordersAnswer.parse((await read(encodeURI('/api/v1/orders?q=华辰重工'))).body).total).toBe(0)
    for (const path of [
      '/api/v1/orders?customer=x',
      '/api/v1/stages/stats?customer=x',
      '/api/v1/stages/heatmap?rows=customer',
      '/api/v1/orders?customerClass=x',
      '/api/v1/orders.csv?customerClass=x',
      '/api/v1/overview?customerClass=x',
      '/api/v1/stages/stats?customerClass=x',
      '/api/v1/stages/heatmap?rows=customerClass',
      '/api/v1/analysis/paths?customer=x',
      '/api/v1/analysis/paths/orders?customer=x&returned=x',
      '/api/v1/analysis/visits?stage=x&customer=x',
      '/api/v1/analysis/outliers?customerClass=x',
      '/api/v1/analysis/compare?customer=x',
      '/api/v1/analysis/time?rows=customer',
      '/api/v1/analysis/time?rows=customerClass',
      '/api/v1/analysis/parts?rows=customer',
      '/api/v1/analysis/parts?rows=customerClass',
      '/api/v1/analysis/dwell?customer=x',
      '/api/v1/analysis/flow?customerClass=x',
      '/api/v1/analysis/approvals?customerClass=x',
      '/api/v1/analysis/lag?customer=x',
    ]) {
      expect(await read(path)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    }
  })
})

it('does not name who reports events if people are hidden', async () => {
  await keep({})
  expect((await read('/api/v1/analysis/lag?rows=actor')).status).toBe(200)
  await keep({ people: 'team' })
  expect(await read('/api/v1/analysis/lag?rows=actor')).toMatchObject({
    status: 403,
    body: { code: 'forbidden' },
  })
  expect((await read('/api/v1/analysis/lag?rows=source')).status).toBe(200)
})

describe('a list that is sorted by the class of the customer', () => {
  it('reveals no class if customers are masked', async () => {
    const ingest = await server.createKey(['ingest'])
    const placed = (order: string, customerClass: string) => ({
      source: 'erp',
      id: order,
      type: 'order.placed',
      order,
      occurredAt: new Date(Date.UTC(2026, 10, 24, 8)).toISOString(),
      data: { customerClass },
    })
    const body = [placed('SO-2', 'z'), placed('SO-3', 'b')]
    expect((await call(`${server.url}/api/v1/events`, { key: ingest, body })).status).toBe(200)
    const sorted = async () => {
      const { orders } = ordersAnswer.parse((await read('/api/v1/orders?sort=customerClass')).body)
      return orders.map(({ order }) => order)
    }
    await keep({})
    expect(await sorted()).toEqual(['SO-3', 'SO-1', 'SO-2'])
    await keep({ customers: 'masked' })
    expect(await sorted()).toEqual(['SO-1', 'SO-2', 'SO-3'])
  })
})

describe('a site that hides its amounts', () => {
  it('shows no amount and no currency', async () => {
    await keep({ amounts: 'hidden' })
    const told = await everythingTold()
    expect(told).not.toMatch(/186400|CNY/)
    expect(told).not.toMatch(unknown)
  })
})

describe('a site that counts nothing by person', () => {
  it('names nobody, shows that an order is claimed, and finds nobody', async () => {
    await keep({ people: 'team' })
    const told = await everythingTold()
    expect(told).not.toMatch(/wang|li\.ming/)
    expect(told).not.toMatch(unknown)
    expect(ordersAnswer.parse((await read('/api/v1/orders?q=li.ming')).body).total).toBe(0)
    expect((await read('/api/v1/orders/SO-1')).body).toMatchObject({ unclaimed: false, visits: [{ overdueBy: [] }] })
  })
})

describe('a screen that looks on while the site becomes private', () => {
  it('is cut off and comes back to masked names', async () => {
    await keep({})
    const screen = await openScreen(server.url, { token: key })
    expect(JSON.stringify(await join(screen))).toContain('华辰重工集团')
    const cut = new Promise((resolve) => screen.once('disconnect', resolve))
    await keep({ customers: 'masked' })
    clock.advanceTo(clock.now() + 2_000)
    await cut
    screen.close()
    const again = await openScreen(server.url, { token: key })
    const answer = boardJoinAnswer.parse(await join(again))
    again.close()
    expect(answer).toMatchObject({ ok: true, snapshot: { privacy: { customers: 'masked' } } })
    expect(JSON.stringify(answer)).not.toContain('重工')
  })
})

describe('what a site keeps to itself', () => {
  it('is recorded as a change, with what it was before', async () => {
    await keep({})
    await keep({ people: 'team' })
    const reply = await call(`${server.url}/api/v1/admin/changes?limit=1`, { key: admin })
    expect(reply.body).toMatchObject({
      changes: [
        { action: 'privacy.changed', actor: { kind: 'key' }, before: open, after: { ...open, people: 'team' } },
      ],
    })
  })
})
