import { randomUUID } from 'node:crypto'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { me } from '@stagewatch/shared/contract/me.ts'
import type { OrderAction } from '@stagewatch/shared/contract/order-action.ts'
import { orderProgress } from '@stagewatch/shared/contract/order-progress.ts'
import { orderDetail } from '@stagewatch/shared/contract/orders.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'
import { call } from './call.ts'
import type { Reply } from './call.ts'
import { someEvent } from './some-event.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const now = Date.UTC(2026, 10, 24, 9)
const clock = new VirtualClock(now)
let server: PeopledServer
let operator: Visitor
let viewer: Visitor
/** Sees packing, but not the stages after it. */
let packer: Visitor
let key: string

beforeAll(async () => {
  server = await startPeopled({ clock })
  const site = await server.server.sites.get('main')
  const stages = ['picking', 'packing', 'testing', 'shipping'].map(plainStage)
  await site.saveProcess({
    code: 'default',
    name: { en: 'Orders' },
    stages: stages.map((stage) => ({
      ...stage,
      ...(stage.code === 'testing' && { department: 'store' }),
      ...(stage.code === 'packing' && {
        targetMs: 60 * minuteMs,
        holdReasons: [{ name: { en: 'No boxes' } }, { name: { en: 'Break' }, maxMs: 15 * minuteMs }],
      }),
      ...(stage.code === 'shipping' && { terminal: true }),
    })),
    paths: [
      { from: 'testing', to: 'packing' },
      { from: 'picking', to: 'testing' },
    ],
    acceptsNewStages: false,
    goals: {},
  })
  key = await server.createKey(['ingest'])
  operator = await server.join('operator@example.com', { role: 'operator' })
  viewer = await server.join('viewer@example.com', { role: 'viewer' })
  packer = await server.join('packer@example.com', { role: 'operator', departments: ['store'] })
})
afterAll(() => server.close())

/** An order that entered a stage this long ago. */
async function newOrder(stage = 'packing', agoMs = 120 * minuteMs): Promise<string> {
  const occurredAt = new Date(now - agoMs).toISOString()
  const event = someEvent({ stage, occurredAt, data: { department: 'store' } })
  await send(event)
  return String(event['order'])
}

async function send(event: unknown): Promise<void> {
  expect((await call(`${server.url}/api/v1/events`, { key, body: event })).body).toMatchObject({ accepted: 1 })
}

interface Told {
  readonly id?: string
  readonly stage?: string | undefined
  readonly at?: number
  readonly anyStage?: true
  readonly person?: string | undefined
}

function report(somebody: Visitor, order: string, action: OrderAction, told: Told = {}): Promise<Reply> {
  const body = { id: randomUUID(), stage: 'packing', ...told, do: action }
  return somebody.call(`/api/v1/orders/${order}/actions`, { body })
}

async function read(order: string) {
  return orderDetail.parse((await server.ada.call(`/api/v1/orders/${order}`)).body)
}

async function visitsOf(order: string) {
  const { visits } = await read(order)
  return visits.map(({ stage, enteredAt, startedAt, leftAt, owner }) => [
    stage,
    minutesAgo(enteredAt),
    minutesAgo(startedAt),
    minutesAgo(leftAt),
    owner,
  ])
}

function minutesAgo(at: number | undefined): number | undefined {
  return at === undefined ? undefined : (now - at) / minuteMs
}

describe('somebody who reports from the floor', () => {
  it('starts and finishes a stage at the instants at which they did, and the next one begins with nobody', async () => {
    const order = await newOrder()
    expect((await report(operator, order, { action: 'start' }, { at: now - 90 * minuteMs })).status).toBe(200)
    expect((await report(operator, order, { action: 'finish' }, { at: now - 30 * minuteMs })).status).toBe(200)
    expect(await visitsOf(order)).toEqual([
      ['packing', 120, 90, 30, 'operator'],
      ['testing', 30, undefined, undefined, undefined],
    ])
    const told = (await read(order)).events.slice(1).map(({ source, type, stage, actor, otherData }) => ({
      source,
      type,
      stage,
      actor,
      by: otherData?.['reportedBy'],
    }))
    const desk = { source: 'desk', actor: 'operator', by: undefined }
    expect(told).toEqual([
      { ...desk, type: 'stage.started', stage: 'packing' },
      { ...desk, type: 'stage.completed', stage: 'packing' },
      { ...desk, type: 'stage.entered', stage: 'testing', actor: undefined, by: 'operator' },
    ])
  })

  it('counts once however often it is sent, also when the answer was lost and the order has moved on since', async () => {
    const order = await newOrder()
    const finish = { id: randomUUID(), at: now - 30 * minuteMs }
    for (let sent = 0; sent < 3; sent++)
      expect((await report(operator, order, { action: 'finish' }, finish)).status).toBe(200)
    await report(operator, order, { action: 'finish', next: 'shipping' }, { stage: 'testing', at: now - 10 * minuteMs })
    expect((await report(operator, order, { action: 'finish' }, finish)).status).toBe(200)
    expect((await read(order)).events).toHaveLength(5)
    expect(await read(order)).toMatchObject({ status: 'completed', endedAt: now - 10 * minuteMs })
  })

  it('may report what happened before another system reported the next stage, but nothing later', async () => {
    const order = await newOrder()
    await send(someEvent({ order, stage: 'testing', occurredAt: new Date(now - 60 * minuteMs).toISOString() }))
    expect((await report(operator, order, { action: 'start' }, { at: now - 80 * minuteMs })).status).toBe(200)
    expect(await report(operator, order, { action: 'finish' }, { at: now - 50 * minuteMs })).toMatchObject({
      status: 409,
      body: { code: 'conflict', details: [{ field: 'stage' }] },
    })
    expect(await visitsOf(order)).toEqual([
      ['packing', 120, 80, 60, 'operator'],
      ['testing', 60, undefined, undefined, undefined],
    ])
  })

  it('is told the stage in which the order was then, when they could not see it', async () => {
    const order = await newOrder()
    const unseen = { stage: undefined, anyStage: true } as const
    expect((await report(operator, order, { action: 'start' }, { ...unseen, at: now - 100 * minuteMs })).status).toBe(
      200,
    )
    expect((await report(operator, order, { action: 'finish' }, { ...unseen, at: now - 70 * minuteMs })).status).toBe(
      200,
    )
    expect((await visitsOf(order)).map(([stage]) => stage)).toEqual(['packing', 'testing'])
  })

  it('starts an order between stages in the next one, and chooses where the process does not say which', async () => {
    const order = await newOrder('picking')
    const picking = { stage: 'picking', at: now - 60 * minuteMs }
    expect(await report(operator, order, { action: 'finish' }, picking)).toMatchObject({
      status: 400,
      body: { details: [{ field: 'do.next', reason: 'missing' }] },
    })
    expect(await report(operator, order, { action: 'finish', next: 'shipping' }, picking)).toMatchObject({
      status: 400,
      body: { details: [{ field: 'do.next', reason: 'not_offered' }] },
    })
    expect((await report(operator, order, { action: 'finish', next: 'packing' }, picking)).status).toBe(200)
    const event = someEvent({ order, type: 'stage.completed', occurredAt: new Date(now - 50 * minuteMs).toISOString() })
    await send(event)
    const between = { stage: undefined, at: now - 40 * minuteMs }
    expect((await report(operator, order, { action: 'finish' }, between)).body).toMatchObject({ code: 'conflict' })
    expect((await report(operator, order, { action: 'start' }, between)).status).toBe(200)
    expect(await visitsOf(order)).toEqual([
      ['picking', 120, undefined, 60, undefined],
      ['packing', 60, undefined, 50, undefined],
      ['testing', 40, 40, undefined, 'operator'],
    ])
  })

  it('puts an order on hold and resumes it at the times at which they did so', async () => {
    const order = await newOrder()
    expect((await report(operator, order, { action: 'resume' }, { at: now - 80 * minuteMs })).status).toBe(409)
    expect((await report(operator, order, { action: 'hold', reason: 'x' }, { at: now - 80 * minuteMs })).status).toBe(
      200,
    )
    expect((await report(operator, order, { action: 'hold', reason: 'y' }, { at: now - 70 * minuteMs })).status).toBe(
      409,
    )
    expect((await report(operator, order, { action: 'resume' }, { at: now - 50 * minuteMs })).status).toBe(200)
    expect(await read(order)).toMatchObject({ held: false, visits: [{ heldMs: 30 * minuteMs }] })
    const until = now - 45 * minuteMs
    const over = { action: 'hold', reason: 'x', until } as const
    expect((await report(operator, order, over, { at: now - 40 * minuteMs })).status).toBe(400)
    expect((await report(operator, order, over, { at: now - 48 * minuteMs })).status).toBe(200)
    expect(await read(order)).toMatchObject({ held: false, visits: [{ heldMs: 33 * minuteMs }] })
  })

  it('resumes and holds again what, by the clock of the server, was held or resumed slightly later', async () => {
    const order = await newOrder()
    const hold = (at: number) => report(operator, order, { action: 'hold', reason: 'x' }, { at })
    const resume = (at: number) => report(operator, order, { action: 'resume' }, { at })
    expect((await hold(now - 60 * minuteMs)).status).toBe(200)
    // The answer with which the phone set its clock was slow.
    expect((await resume(now - 63 * minuteMs)).status).toBe(409)
    expect((await resume(now - 61 * minuteMs)).status).toBe(200)
    expect(await read(order)).toMatchObject({ held: false, visits: [{ heldMs: 1 }] })
    expect((await hold(now - 50 * minuteMs)).status).toBe(200)
    expect((await resume(now - 40 * minuteMs)).status).toBe(200)
    expect((await hold(now - 43 * minuteMs)).status).toBe(409)
    expect((await hold(now - 41 * minuteMs)).status).toBe(200)
    expect(await read(order)).toMatchObject({ held: true, visits: [{ heldMs: 50 * minuteMs }] })
  })

  it('chooses one of several activities, and only the last to be finished moves the order on', async () => {
    const order = await newOrder('picking')
    const begin = (stage: string, agoMs: number) =>
      send(
        someEvent({
          order,
          stage,
          occurredAt: new Date(now - agoMs).toISOString(),
          data: { concurrent: true, department: 'store' },
        }),
      )
    await begin('packing', 100 * minuteMs)
    await begin('testing', 90 * minuteMs)
    const progress = async () => orderProgress.parse((await packer.call(`/api/v1/orders/${order}/progress`)).body)
    const tell = (action: OrderAction, stage: string, agoMs: number) =>
      report(packer, order, action, { stage, at: now - agoMs })
    expect((await tell({ action: 'start' }, 'picking', 80 * minuteMs)).status).toBe(200)
    expect((await tell({ action: 'start' }, 'packing', 70 * minuteMs)).status).toBe(200)
    expect(await progress()).toMatchObject({
      stage: 'packing',
      startedAt: now - 70 * minuteMs,
      alongside: [{ stage: 'testing' }, { stage: 'picking', startedAt: now - 80 * minuteMs, owner: 'packer' }],
    })
    // Reasons of a hold and their limits are those of the chosen stage, which is not the newest one.
    expect((await tell({ action: 'start' }, 'testing', 60 * minuteMs)).status).toBe(200)
    expect((await tell({ action: 'hold', reason: 'Break' }, 'packing', 50 * minuteMs)).status).toBe(200)
    expect((await read(order)).events.findLast(({ type }) => type === 'order.held')?.data).toMatchObject({
      until: now - 35 * minuteMs,
    })
    // Two ways lead on from picking, but nobody has to choose one yet.
    expect((await tell({ action: 'finish' }, 'picking', 30 * minuteMs)).status).toBe(200)
    expect((await tell({ action: 'finish' }, 'picking', 29 * minuteMs)).status).toBe(409)
    expect((await tell({ action: 'finish' }, 'packing', 20 * minuteMs)).status).toBe(200)
    expect(await progress()).toMatchObject({ stage: 'testing', status: 'open' })
    expect((await progress()).alongside).toBeUndefined()
    expect((await tell({ action: 'finish' }, 'testing', 10 * minuteMs)).status).toBe(200)
    expect(await read(order)).toMatchObject({ status: 'completed', endedAt: now - 10 * minuteMs })
    expect(await visitsOf(order)).toEqual([
      ['picking', 120, 80, 30, 'packer'],
      ['packing', 100, 70, 20, 'packer'],
      ['testing', 90, 60, 10, 'packer'],
      ['shipping', 10, undefined, 10, undefined],
    ])
  })

  it('ends a hold when its reason allows no more, which the phone cannot ask, and sends no other answer twice', async () => {
    const order = await newOrder()
    const hold = { action: 'hold', reason: 'Break' } as const
    const at = now - 40 * minuteMs
    const tooLong = { ...hold, until: at + 15 * minuteMs + 1 }
    expect((await report(operator, order, tooLong, { at })).body).toMatchObject({
      details: [{ field: 'do.until', reason: 'out_of_order' }],
    })
    const id = randomUUID()
    expect((await report(operator, order, hold, { at, id })).status).toBe(200)
    expect((await report(operator, order, hold, { at, id })).status).toBe(200)
    expect(await read(order)).toMatchObject({ held: false, visits: [{ heldMs: 15 * minuteMs }] })
    expect((await report(operator, order, hold, { at: now - 5 * minuteMs })).status).toBe(200)
    expect(await read(order)).toMatchObject({ held: true, heldUntil: now + 10 * minuteMs })
  })

  it.each([
    ['later than now by more than clocks differ', now + 121_000, 400],
    ['a little ahead, which is now', now + 119_000, 200],
    ['a week old', now - 7 * dayMs, 200],
    ['more than a week old', now - 7 * dayMs - 1, 400],
  ])('may report events up to a week old and barely ahead of the clock: %s', async (_, at, status) => {
    const order = await newOrder('packing', 8 * dayMs)
    expect((await report(operator, order, { action: 'start' }, { at })).status).toBe(status)
    const startedAt = (await read(order)).visits[0]?.startedAt
    expect(startedAt).toBe(status === 200 ? Math.min(at, now) : undefined)
  })

  it('may report a stage that, by the clock of its source, has not started yet', async () => {
    const order = await newOrder('packing', minuteMs)
    expect((await report(operator, order, { action: 'start' }, { at: now - 2 * minuteMs })).status).toBe(200)
    expect((await report(operator, order, { action: 'start' }, { at: now - 4 * minuteMs })).status).toBe(409)
    expect(await visitsOf(order)).toEqual([['packing', 1, 1, undefined, 'operator']])
  })

  it('is refused what the role, the department, the account or the end of the order does not allow', async () => {
    const order = await newOrder()
    const at = now - 30 * minuteMs
    expect((await report(viewer, order, { action: 'start' }, { at })).status).toBe(403)
    expect((await viewer.call(`/api/v1/orders/${order}/progress`)).status).toBe(403)
    const other = me.parse((await packer.call('/api/v1/me')).body)
    const own = me.parse((await operator.call('/api/v1/me')).body)
    expect(await report(operator, order, { action: 'start' }, { at, person: other.id })).toMatchObject({
      status: 409,
      body: { details: [{ field: 'person' }] },
    })
    expect((await report(operator, order, { action: 'start' }, { at, person: own.id })).status).toBe(200)
    expect((await report(operator, order, { action: 'claim' }, { at })).status).toBe(400)
    expect((await report(operator, 'NO-SUCH', { action: 'start' }, { at })).status).toBe(404)
    await report(server.ada, order, { action: 'complete' })
    expect((await report(operator, order, { action: 'finish' }, { at: now, stage: undefined })).status).toBe(409)
  })

  it('of one department acts on what was with it then, also when the order has gone on to another', async () => {
    const order = await newOrder()
    const moved = someEvent({
      order,
      stage: 'testing',
      occurredAt: new Date(now - 30 * minuteMs).toISOString(),
      data: { department: 'lab' },
    })
    await send(moved)
    expect((await packer.call(`/api/v1/orders/${order}/progress`)).status).toBe(404)
    expect((await report(packer, order, { action: 'start' }, { stage: 'testing', at: now })).status).toBe(404)
    const start = { id: randomUUID(), at: now - 60 * minuteMs }
    for (let sent = 0; sent < 2; sent++)
      expect((await report(packer, order, { action: 'start' }, start)).status).toBe(200)
    expect((await visitsOf(order))[0]).toEqual(['packing', 120, 60, 30, 'packer'])
  })

  it('reads of an order where it is, its limit, why it may be held and where it may go', async () => {
    const order = await newOrder()
    await report(operator, order, { action: 'start' }, { at: now - 90 * minuteMs })
    const progress = async () => orderProgress.parse((await packer.call(`/api/v1/orders/${order}/progress`)).body)
    expect(await progress()).toMatchObject({
      order,
      stage: 'packing',
      targetMs: 60 * minuteMs,
      overdueMs: 60 * minuteMs,
      startedAt: now - 90 * minuteMs,
      owner: 'operator',
      asOf: now,
    })
    expect((await progress()).stages).toMatchObject([
      { stage: 'picking', next: [{ stage: 'packing' }, { stage: 'testing' }], holdReasons: [] },
      {
        stage: 'packing',
        next: [{ stage: 'testing' }],
        holdReasons: [{ en: 'No boxes' }, { en: 'Break' }],
        longestHoldsMs: [null, 15 * minuteMs],
      },
      { stage: 'testing', next: [{ stage: 'shipping' }, { stage: 'packing', isReturn: true }] },
      { stage: 'shipping', next: [], isEnd: true },
    ])
    await send(someEvent({ order, type: 'stage.completed', occurredAt: new Date(now).toISOString() }))
    expect(await progress()).toMatchObject({ lastStage: 'packing', status: 'open' })
  })
})
