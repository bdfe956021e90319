import { randomUUID } from 'node:crypto'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { orderActionsAnswer } from '@stagewatch/shared/contract/order-action.ts'
import type { OrderAction } from '@stagewatch/shared/contract/order-action.ts'
import { ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'
import { call } from './call.ts'
import { actOn, orderInPacking, orderOf } from './acted-orders.ts'
import type { Asked } from './acted-orders.ts'
import { someEvent } from './some-event.ts'

const now = Date.UTC(2026, 10, 24, 9)
const clock = new VirtualClock(now)
let server: PeopledServer
let lead: Visitor
let operator: Visitor
let viewer: Visitor
let elsewhere: Visitor
let key: string

beforeAll(async () => {
  server = await startPeopled({ clock })
  key = await server.createKey(['ingest'])
  lead = await server.join('lead@example.com', { role: 'lead', departments: ['store'] })
  operator = await server.join('operator@example.com', { role: 'operator' })
  viewer = await server.join('viewer@example.com', { role: 'viewer' })
  elsewhere = await server.join('elsewhere@example.com', { role: 'lead', departments: ['line 2'] })
})
afterAll(() => server.close())

const newOrder = () => orderInPacking(server, key, now)
const act = (somebody: Visitor, order: string, action: OrderAction, asked?: Asked) =>
  actOn(clock, somebody, order, action, asked)
const read = (order: string) => orderOf(server, order)

describe('somebody who acts on an order', () => {
  it('owns it after claiming it, and the log says who did that and where', async () => {
    const order = await newOrder()
    expect((await act(operator, order, { action: 'claim' })).status).toBe(200)
    const { owner, unclaimed, visits, events } = await read(order)
    const { name } = (await operator.call('/api/v1/me')).body as { name: string }
    expect({ owner, unclaimed }).toEqual({ owner: name, unclaimed: false })
    expect(visits[0]?.handovers).toEqual([{ at: clock.now(), owner: name }])
    expect(events.at(-1)).toMatchObject({ source: 'desk', type: 'order.assigned', actor: name, data: { owner: name } })
  })

  it('gives it to somebody else', async () => {
    const order = await newOrder()
    await act(operator, order, { action: 'claim' })
    expect((await act(lead, order, { action: 'assign', owner: 'Li Min', reason: 'on leave' })).status).toBe(200)
    expect(await read(order)).toMatchObject({ owner: 'Li Min', visits: [{ handovers: [{}, { owner: 'Li Min' }] }] })
  })

  it('states why it waits; a comment changes nothing else', async () => {
    const order = await newOrder()
    await act(operator, order, { action: 'explain', reason: 'no boxes' })
    await act(viewer, order, { action: 'comment', comment: 'seen' })
    await act(operator, order, { action: 'comment', comment: 'boxes come at four' })
    const { reason, events } = await read(order)
    expect(reason).toBe('no boxes')
    expect(events.flatMap(({ data }) => data.comment ?? [])).toEqual(['boxes come at four'])
  })

  it('puts it on hold and resumes it', async () => {
    const order = await newOrder()
    await act(lead, order, { action: 'hold', reason: 'customer asked' })
    expect(await read(order)).toMatchObject({ held: true, reason: 'customer asked' })
    expect((await act(lead, order, { action: 'hold', reason: 'again' })).body).toMatchObject({ code: 'conflict' })
    await act(lead, order, { action: 'resume' })
    expect(await read(order)).toMatchObject({ held: false })
    expect((await act(lead, order, { action: 'resume' })).body).toMatchObject({ code: 'conflict' })
  })

  it('holds it until an instant, at which it goes on by itself', async () => {
    const order = await newOrder()
    const until = clock.now() + 3_600_000
    expect((await act(lead, order, { action: 'hold', reason: 'customer asked', until })).status).toBe(200)
    const { held, heldUntil, events } = await read(order)
    expect({ held, heldUntil, told: events.at(-1)?.data.until }).toEqual({ held: true, heldUntil: until, told: until })
    const heldOrders = async () => {
      const { body } = await server.ada.call('/api/v1/orders?status=held&limit=500')
      return ordersAnswer.parse(body).orders.map((found) => found.order)
    }
    expect(await heldOrders()).toContain(order)
    clock.advanceTo(until)
    const after = await read(order)
    expect([after.held, after.heldUntil, after.visits[0]?.heldMs]).toEqual([false, undefined, 3_600_000 - 1])
    // Until the next response of the database, lists show the instant before the clock was advanced.
    await expect.poll(heldOrders).not.toContain(order)
    expect((await act(lead, order, { action: 'resume' })).status).toBe(409)
    expect((await act(lead, order, { action: 'hold', reason: 'again' })).status).toBe(200)
    expect((await read(order)).heldUntil).toBeUndefined()
  })

  it('changes the reason and the end of a hold without ending it, and no hold that is over', async () => {
    const order = await newOrder()
    const change = { action: 'changeHold', reason: 'drawings' } as const
    expect((await act(lead, order, change)).body).toMatchObject({ code: 'conflict' })
    const until = clock.now() + 7_200_000
    await act(lead, order, { action: 'hold', reason: 'customer asked', until })
    expect((await act(viewer, order, change)).status).toBe(403)
    expect(await act(lead, order, { ...change, until: clock.now() - 1 })).toMatchObject({
      status: 400,
      body: { details: [{ field: 'do.until' }] },
    })
    expect((await act(lead, order, { ...change, until: until - 3_600_000 })).status).toBe(200)
    const { heldUntil, reason, events } = await read(order)
    expect({ heldUntil, reason }).toEqual({ heldUntil: until - 3_600_000, reason: 'drawings' })
    expect(events.at(-1)).toMatchObject({ type: 'order.held', data: { changesHold: true, reason: 'drawings' } })
    const repeated = { id: randomUUID() }
    for (let sent = 0; sent < 2; sent++) expect((await act(lead, order, change, repeated)).status).toBe(200)
    expect(await read(order)).toMatchObject({ held: true })
    expect((await read(order)).heldUntil).toBeUndefined()
    await act(lead, order, { action: 'resume' })
    expect((await act(lead, order, change)).status).toBe(409)
  })

  it.each([
    ['is over', () => clock.now() - 1],
    ['is too far ahead', () => clock.now() + 367 * 24 * 3_600_000],
  ])('is told that the end of a hold %s', async (_, until) => {
    const order = await newOrder()
    const hold = { action: 'hold', reason: 'x', until: until() } as const
    const refused = { status: 400, body: { code: 'invalid_field', details: [{ field: 'do.until' }] } }
    expect(await act(lead, order, hold)).toMatchObject(refused)
    const body = { id: randomUUID(), orders: [{ order, stage: 'packing' }], do: hold }
    expect(await lead.call('/api/v1/order-actions', { body })).toMatchObject(refused)
    expect((await read(order)).held).toBe(false)
  })

  it('acknowledges it, which changes nothing else and ends with the stage', async () => {
    const order = await newOrder()
    const before = await read(order)
    expect((await act(viewer, order, { action: 'acknowledge' })).status).toBe(403)
    expect((await act(operator, order, { action: 'acknowledge' })).status).toBe(200)
    const { name } = (await operator.call('/api/v1/me')).body as { name: string }
    const { acknowledged, owner, events, visits } = await read(order)
    expect({ acknowledged, owner }).toEqual({ acknowledged: { at: clock.now(), by: name }, owner: before.owner })
    expect(events.at(-1)).toMatchObject({ source: 'desk', type: 'order.acknowledged', actor: name })
    expect(visits[0]?.enteredAt).toBe(before.visits[0]?.enteredAt)
    expect((await act(lead, order, { action: 'acknowledge' })).body).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('already'),
    })
    const moved = someEvent({ order, stage: 'shipping', occurredAt: new Date(clock.now() + 1).toISOString() })
    await call(`${server.url}/api/v1/events`, { key, body: moved })
    expect((await read(order)).acknowledged).toBeUndefined()
    expect((await act(operator, order, { action: 'acknowledge' }, { stage: 'shipping' })).status).toBe(200)
  })

  it('ends it, and then nothing but a comment can be added', async () => {
    const order = await newOrder()
    expect((await act(lead, order, { action: 'cancel', reason: 'by the customer' })).status).toBe(200)
    expect(await read(order)).toMatchObject({ status: 'cancelled' })
    expect((await act(lead, order, { action: 'claim' }, { stage: undefined })).status).toBe(409)
    expect((await act(lead, order, { action: 'comment', comment: 'pity' }, { stage: undefined })).status).toBe(200)
  })

  it('does it once, however often the request is repeated', async () => {
    const order = await newOrder()
    const id = randomUUID()
    for (let i = 0; i < 3; i++)
      expect((await act(operator, order, { action: 'comment', comment: 'once' }, { id })).status).toBe(200)
    expect((await read(order)).events).toHaveLength(2)
  })

  it.each<readonly [OrderAction, string]>([
    [{ action: 'hold', reason: 'no boxes' }, 'order.held'],
    [{ action: 'hold', reason: 'no boxes', until: now + 30 * 24 * 3_600_000 }, 'order.held'],
    [{ action: 'resume' }, 'order.resumed'],
    [{ action: 'acknowledge' }, 'order.acknowledged'],
    [{ action: 'complete' }, 'order.completed'],
    [{ action: 'cancel', reason: 'by the customer' }, 'order.cancelled'],
  ])('gets the original response when the request is retried: %j', async (action, type) => {
    const [alone, one, two] = [await newOrder(), await newOrder(), await newOrder()]
    const orders = [one, two].map((order) => ({ order, stage: 'packing' }))
    if (action.action === 'resume')
      for (const order of [alone, one, two]) await act(lead, order, { action: 'hold', reason: 'x' })
    const id = randomUUID()
    const bulk = { id: randomUUID(), orders, do: action }
    for (let sent = 0; sent < 2; sent++) {
      expect((await act(lead, alone, action, { id })).status).toBe(200)
      const { body } = await lead.call('/api/v1/order-actions', { body: bulk })
      expect(orderActionsAnswer.parse(body)).toEqual({
        position: expect.any(String),
        results: [{ order: one }, { order: two }],
      })
    }
    for (const order of [alone, one, two])
      expect((await read(order)).events.filter((event) => event.type === type)).toHaveLength(1)
    // A different action with the same identity is not a retry.
    const other = { action: 'comment', comment: 'x' } as const
    const seen = (await read(alone)).stage
    expect((await act(lead, alone, other, { id, stage: seen })).status).toBe(409)
  })

  it('is told when the order has moved on since', async () => {
    const order = await newOrder()
    const moved = someEvent({ order, stage: 'shipping', occurredAt: new Date(now - 60_000).toISOString() })
    await call(`${server.url}/api/v1/events`, { key, body: moved })
    expect(await act(operator, order, { action: 'claim' })).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect((await read(order)).owner).toBeUndefined()
  })

  it('may do no more than the role allows', async () => {
    const order = await newOrder()
    expect((await act(viewer, order, { action: 'claim' })).status).toBe(403)
    expect((await act(operator, order, { action: 'assign', owner: 'x' })).status).toBe(403)
    expect((await act(operator, order, { action: 'complete' })).status).toBe(403)
    expect((await act(operator, order, { action: 'cancel', reason: 'x' })).status).toBe(403)
    expect((await act(server.visitor(), order, { action: 'claim' })).status).toBe(401)
    // Whether the order exists in another department is not revealed.
    expect((await act(elsewhere, order, { action: 'claim' })).status).toBe(404)
    expect((await read(order)).events).toHaveLength(1)
  })

  it.each([
    ['hold', { action: 'hold', reason: '' }],
    ['comment', { action: 'comment', comment: ' ' }],
    ['assign', { action: 'assign', owner: '' }],
    ['nothing', { action: 'nothing' }],
  ])('is told what is wrong with the request: %s', async (_, action) => {
    const { status, body } = await act(lead, await newOrder(), action as OrderAction)
    expect({ status, body }).toMatchObject({ status: 400, body: { code: 'invalid_field' } })
  })
})

describe('somebody who acts on many orders at once', () => {
  const acted = (orders: readonly string[]) => orders.map((order) => ({ order, stage: 'packing' }))

  it('sees in a preview what would be refused, without any change', async () => {
    const [open, held] = [await newOrder(), await newOrder()]
    await act(operator, held, { action: 'hold', reason: 'no boxes' })
    const preview = await operator.call('/api/v1/order-actions/preview', {
      body: { action: 'hold', orders: acted([open, held, 'NO-SUCH', open]) },
    })
    expect(orderActionsAnswer.parse(preview.body)).toMatchObject({
      results: [
        { order: open },
        { order: held, refused: { code: 'conflict', message: 'the order is already on hold' } },
        { order: 'NO-SUCH', refused: { code: 'not_found' } },
        { order: open, refused: { code: 'conflict', message: 'the order is listed twice' } },
      ],
    })
    expect((await read(open)).held).toBe(false)
  })

  it('changes the orders that allow it, once, however often the request is repeated', async () => {
    const [first, second] = [await newOrder(), await newOrder()]
    const moved = await newOrder()
    const event = someEvent({ order: moved, stage: 'testing', occurredAt: new Date(now - 1_000).toISOString() })
    await call(`${server.url}/api/v1/events`, { key, body: event })
    const body = {
      id: randomUUID(),
      orders: acted([first, moved, second]),
      do: { action: 'hold', reason: 'stocktaking' },
    }
    for (let sent = 0; sent < 2; sent++) {
      clock.advanceTo(clock.now() + 1)
      const { body: answer } = await operator.call('/api/v1/order-actions', { body })
      const { results } = orderActionsAnswer.parse(answer)
      expect(results.map(({ order, refused }) => [order, refused?.field])).toEqual([
        [first, undefined],
        [moved, 'stage'],
        [second, undefined],
      ])
    }
    for (const order of [first, second]) {
      const { held, reason, events } = await read(order)
      expect([held, reason, events.filter(({ type }) => type === 'order.held').length]).toEqual([
        true,
        'stocktaking',
        1,
      ])
    }
    expect((await read(moved)).held).toBe(false)
  })

  it('gets the original response to a repeated comment', async () => {
    const order = await newOrder()
    const body = { id: randomUUID(), orders: acted([order]), do: { action: 'comment', comment: 'counted' } }
    for (let sent = 0; sent < 2; sent++) {
      clock.advanceTo(clock.now() + 1)
      expect((await operator.call('/api/v1/order-actions', { body })).body).toMatchObject({ results: [{ order }] })
    }
    expect((await read(order)).events.filter(({ type }) => type === 'note.added').length).toBe(1)
  })

  it('neither sees nor changes orders of other departments', async () => {
    const order = await newOrder()
    const { body } = await elsewhere.call('/api/v1/order-actions/preview', {
      body: { action: 'claim', orders: acted([order]) },
    })
    expect(body).toMatchObject({ results: [{ order, refused: { code: 'not_found' } }] })
    const assign = { id: randomUUID(), orders: acted([order]), do: { action: 'assign', owner: 'Li Min' } }
    expect((await operator.call('/api/v1/order-actions', { body: assign })).status).toBe(403)
    expect((await viewer.call('/api/v1/order-actions', { body: assign })).status).toBe(403)
    const many = Array.from({ length: 201 }, (_, i) => `SO-${i}`)
    const tooMany = await lead.call('/api/v1/order-actions/preview', { body: { action: 'claim', orders: acted(many) } })
    expect(tooMany.status).toBe(400)
  })
})

describe('somebody who corrects an event', () => {
  const correct = (somebody: Visitor, order: string, body: Readonly<Record<string, unknown>>) => {
    clock.advanceTo(clock.now() + 1)
    return somebody.call(`/api/v1/orders/${order}/corrections`, {
      body: { id: randomUUID(), reason: 'typed wrongly', ...body },
    })
  }

  it('replaces it with another one, and the log says who did so and why', async () => {
    const order = await newOrder()
    const [wrong] = (await read(order)).events
    const enteredAt = now - 3_600_000
    const event = { source: wrong?.source, id: wrong?.id }
    const instead = { occurredAt: enteredAt, stage: 'testing' }
    expect((await correct(server.ada, order, { event, instead })).status).toBe(200)
    const { visits, events, stage } = await read(order)
    expect([stage, visits.map((visit) => [visit.stage, visit.enteredAt])]).toEqual([
      'testing',
      [['testing', enteredAt]],
    ])
    expect(events.map(({ source, type, voided }) => [source, type, voided])).toEqual([
      ['wms', 'stage.entered', true],
      ['desk', 'stage.entered', false],
      ['desk', 'event.voided', false],
    ])
    expect(events.at(-1)).toMatchObject({ actor: 'Ada', data: { reason: 'typed wrongly' } })
    // The department set by the event is kept.
    expect((await lead.call(`/api/v1/orders/${order}`)).status).toBe(200)
    expect((await correct(server.ada, order, { event })).status).toBe(409)
  })

  it('voids an event from the desk without replacing it', async () => {
    const manager = await server.join('manager@example.com', { role: 'manager' })
    const order = await newOrder()
    await act(operator, order, { action: 'hold', reason: 'no boxes' })
    const held = (await read(order)).events.at(-1)
    expect((await correct(manager, order, { event: { source: held?.source, id: held?.id } })).status).toBe(200)
    expect((await read(order)).held).toBe(false)
    // Only administrators may correct events of other systems.
    const [entered] = (await read(order)).events
    expect((await correct(manager, order, { event: { source: entered?.source, id: entered?.id } })).status).toBe(403)
  })

  it('changes nothing when the replacement is refused', async () => {
    const order = await newOrder()
    const [wrong] = (await read(order)).events
    const event = { source: wrong?.source, id: wrong?.id }
    const late = { occurredAt: now + 40 * 24 * 3_600_000, stage: 'packing' }
    expect((await correct(server.ada, order, { event, instead: late })).body).toMatchObject({
      code: 'occurred_in_future',
    })
    expect((await correct(lead, order, { event })).status).toBe(403)
    expect((await correct(server.ada, await newOrder(), { event })).status).toBe(404)
    expect((await read(order)).events).toHaveLength(1)
  })
})
