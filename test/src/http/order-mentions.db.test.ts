import { randomUUID } from 'node:crypto'
import { orderPeople } from '@stagewatch/shared/contract/order-action.ts'
import type { OrderAction } from '@stagewatch/shared/contract/order-action.ts'
import { orderDetail } from '@stagewatch/shared/contract/orders.ts'
import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import { peopleList } from '@stagewatch/shared/contract/people.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'
import { call } from './call.ts'
import type { Reply } from './call.ts'
import { someEvent } from './some-event.ts'

let server: PeopledServer
let lead: Visitor
let operator: Visitor
let viewer: Visitor
let elsewhere: Visitor
let key: string

beforeAll(async () => {
  server = await startPeopled()
  key = await server.createKey(['ingest'])
  lead = await server.join('lead@example.com', { role: 'lead', departments: ['store'] })
  operator = await server.join('operator@example.com', { role: 'operator' })
  viewer = await server.join('viewer@example.com', { role: 'viewer' })
  elsewhere = await server.join('elsewhere@example.com', { role: 'lead', departments: ['line 2'] })
})
afterAll(() => server.close())

/** An order of the department `store`, in packing. */
async function newOrder(): Promise<string> {
  const occurredAt = new Date(Date.now() - 7_200_000).toISOString()
  const event = someEvent({ occurredAt, data: { department: 'store' } })
  expect((await call(`${server.url}/api/v1/events`, { key, body: event })).body).toMatchObject({ accepted: 1 })
  return String(event['order'])
}

function act(somebody: Visitor, order: string, action: OrderAction): Promise<Reply> {
  const body = { id: randomUUID(), stage: 'packing', do: action }
  return somebody.call(`/api/v1/orders/${order}/actions`, { body })
}

async function read(order: string): Promise<OrderDetail> {
  return orderDetail.parse((await server.ada.call(`/api/v1/orders/${order}`)).body)
}

describe('somebody who mentions people in a comment', () => {
  const person = async (email: string) => {
    const { people } = peopleList.parse((await server.ada.call('/api/v1/people')).body)
    return people.find((one) => one.email === `${email}@example.com`)!
  }
  const suggested = async (somebody: Visitor, order: string, q = '') => {
    const { body } = await somebody.call(`/api/v1/orders/${order}/people?q=${q}`)
    return orderPeople.parse(body).people.map(({ name }) => name)
  }

  it('is offered a few who see the order, by part of their name, and the log has who they are', async () => {
    const order = await newOrder()
    const [seeing, blind] = [await person('viewer'), await person('elsewhere')]
    const all = await suggested(lead, order)
    expect(all).toEqual(expect.arrayContaining(['Ada', seeing.name]))
    expect(await suggested(lead, order, seeing.name.toUpperCase())).toEqual([seeing.name])
    expect(await suggested(lead, order, blind.name)).toEqual([])
    const comment: OrderAction = { action: 'comment', comment: `ask @${seeing.name}`, mentions: [seeing.id] }
    expect((await act(operator, order, comment)).status).toBe(200)
    expect((await read(order)).events.at(-1)?.data.mentions).toEqual([seeing.name])
  })

  it('cannot name somebody who does not see the order, nor ask about an order of others', async () => {
    const order = await newOrder()
    const refused = { status: 400, body: { code: 'invalid_field', details: [{ field: 'do.mentions' }] } }
    for (const id of [(await person('elsewhere')).id, 'nobody'])
      expect(await act(lead, order, { action: 'comment', comment: 'x', mentions: [id] })).toMatchObject(refused)
    expect((await elsewhere.call(`/api/v1/orders/${order}/people`)).status).toBe(404)
    expect((await viewer.call(`/api/v1/orders/${order}/people`)).status).toBe(403)
    expect((await read(order)).events).toHaveLength(1)
  })

  it('is offered nobody if the site hides the names of people', async () => {
    const order = await newOrder()
    const { id, name } = await person('viewer')
    const comment: OrderAction = { action: 'comment', comment: `ask @${name}`, mentions: [id] }
    await act(operator, order, comment)
    const { version, ...shown } = (await server.ada.call('/api/v1/privacy')).body as { version: string }
    const change = (body: object, ifMatch: string) =>
      server.ada.call('/api/v1/privacy', { method: 'PUT', body, headers: { 'if-match': `"${ifMatch}"` } })
    const hidden = await change({ ...shown, people: 'team' }, version)
    expect(hidden.status).toBe(200)
    expect(await suggested(lead, order)).toEqual([])
    expect((await act(lead, order, comment)).status).toBe(400)
    const { data } = (await read(order)).events.at(-1)!
    const restored = await change(shown, (hidden.body as { version: string }).version)
    expect(restored.status).toBe(200)
    expect([data.comment, data.mentions]).toEqual(['ask @**', undefined])
  })
})
