import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { orderDetail, ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { allVisits } from '@stagewatch/shared/domain/all-visits.ts'
import { overviewAnswer } from '@stagewatch/shared/contract/overview.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import type { Visitor } from '../identity/visitor.ts'
import { actOn } from './acted-orders.ts'
import { call } from './call.ts'
import { someEvent } from './some-event.ts'

const now = Date.UTC(2026, 10, 24, 9)
const clock = new VirtualClock(now)
let server: PeopledServer
let quality: Visitor
let store: Visitor
let fleet: Visitor
let key: string
let order: string

beforeAll(async () => {
  server = await startPeopled({ clock })
  key = await server.createKey(['ingest'])
  quality = await server.join('quality@example.com', { role: 'lead', departments: ['quality'] })
  store = await server.join('store@example.com', { role: 'lead', departments: ['store'] })
  fleet = await server.join('fleet@example.com', { role: 'lead', departments: ['fleet'] })
})
afterAll(() => server.close())

beforeEach(async () => {
  order = String(someEvent()['order'])
  await begin('qc', 'quality', 'Li Min', 120)
  await begin('packing', 'store', 'Wang Lei', 60)
})

async function begin(stage: string, department: string, actor: string, minutesAgo: number): Promise<void> {
  const occurredAt = new Date(now - minutesAgo * 60_000).toISOString()
  const data = { concurrent: true, department }
  const event = someEvent({ type: 'stage.started', order, stage, actor, occurredAt, data })
  expect((await call(`${server.url}/api/v1/events`, { key, body: event })).body).toMatchObject({ accepted: 1 })
}

async function listed(somebody: Visitor, search = '') {
  const reply = await somebody.call(`/api/v1/orders?status=open&limit=500${search}`)
  return ordersAnswer.parse(reply.body).orders.find((one) => one.order === order)
}

async function page(somebody: Visitor) {
  return orderDetail.parse((await somebody.call(`/api/v1/orders/${order}`)).body)
}

describe('an order in two activities of two departments at once', () => {
  it('shows both with their owners on its page and in the list', async () => {
    const both = {
      stage: 'packing',
      owner: 'Wang Lei',
      alongside: [{ stage: 'qc', department: 'quality', owner: 'Li Min' }],
    }
    expect(await listed(server.ada)).toMatchObject(both)
    expect(await page(server.ada)).toMatchObject({
      ...both,
      visits: [
        { stage: 'qc', department: 'quality', owner: 'Li Min' },
        { stage: 'packing', department: 'store', owner: 'Wang Lei' },
      ],
    })
  })

  it('is found by either department, and by either owner', async () => {
    expect(await listed(server.ada, '&department=store')).toMatchObject({ stage: 'packing', alongside: [{}] })
    expect(await listed(server.ada, '&department=quality')).toMatchObject({ stage: 'qc', owner: 'Li Min' })
    expect(await listed(server.ada, '&department=fleet')).toBeUndefined()
    for (const owner of ['Li Min', 'Wang Lei']) expect(await listed(server.ada, `&q=${owner}`)).toBeDefined()
  })

  it('counts for either department as its list shows it', async () => {
    for (const department of ['quality', 'store']) {
      const reply = await server.ada.call(`/api/v1/overview?department=${department}`)
      const list = await server.ada.call(`/api/v1/orders?status=open&department=${department}`)
      expect(overviewAnswer.parse(reply.body).open.count).toBe(ordersAnswer.parse(list.body).total)
    }
  })

  it('is there for the lead of either, who sees nothing of the other', async () => {
    for (const [lead, stage, owner, other] of [
      [quality, 'qc', 'Li Min', 'Wang Lei'],
      [store, 'packing', 'Wang Lei', 'Li Min'],
    ] as const) {
      const seen = await listed(lead)
      expect(seen).toMatchObject({ stage, owner })
      expect(seen).not.toHaveProperty('alongside')
      const detail = await page(lead)
      expect(detail).toMatchObject({ status: 'open', stage, owner, visits: [{ stage, owner }] })
      expect(JSON.stringify([seen, detail])).not.toContain(other)
      expect(await listed(lead, `&q=${other}`)).toBeUndefined()
    }
    expect(await listed(fleet)).toBeUndefined()
    expect((await fleet.call(`/api/v1/orders/${order}`)).status).toBe(404)
  })

  it('is given to somebody by the lead of the activity, which leaves the other as it is', async () => {
    const assign = (lead: Visitor, stage: string) =>
      actOn(clock, lead, order, { action: 'assign', owner: 'Chen Jie' }, { stage })
    expect((await assign(quality, 'packing')).status).toBe(409)
    expect((await assign(fleet, 'qc')).status).toBe(404)
    expect((await assign(quality, 'qc')).status).toBe(200)
    expect(await page(server.ada)).toMatchObject({ owner: 'Wang Lei', alongside: [{ stage: 'qc', owner: 'Chen Jie' }] })
    expect(await listed(quality)).toMatchObject({ owner: 'Chen Jie' })
  })

  it('is the same for a server that reads it back', async () => {
    const other = await startServer({ clock, database: server.database })
    try {
      const [live, readBack] = await Promise.all([server, other].map(visitsIn))
      expect(readBack).toEqual(live)
      expect(readBack).toMatchObject([{ stage: 'qc' }, { stage: 'packing' }])
    } finally {
      await other.close()
    }
  })
})

async function visitsIn({ server: { sites } }: StartedServer) {
  const { engine } = await sites.get('main')
  const state = engine.open.get(engine.order(order)?.openSlot)?.state
  return state && allVisits(state)
}
