import { randomUUID } from 'node:crypto'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { OrderAction } from '@stagewatch/shared/contract/order-action.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'
import { actOn, orderInPacking, orderOf } from './acted-orders.ts'

const now = Date.UTC(2026, 10, 24, 9)
const clock = new VirtualClock(now)
let server: PeopledServer
let operator: Visitor
let key: string

beforeAll(async () => {
  server = await startPeopled({ clock })
  key = await server.createKey(['ingest'])
  operator = await server.join('operator@example.com', { role: 'operator' })
})
afterAll(() => server.close())

const newOrder = () => orderInPacking(server, key, now)
const act = (somebody: Visitor, order: string, action: OrderAction) => actOn(clock, somebody, order, action)
const read = (order: string) => orderOf(server, order)

describe('the reasons that a stage offers for holds', () => {
  const minute = 60_000
  const material = { name: { zh: '等物料', en: 'No material' }, maxMs: 60 * minute }
  const customer = { name: { zh: '客户要求', en: 'Customer asked' } }

  it('are shown with an order that is there, and keep holds from being planned for longer', async () => {
    // The first event creates the process and its stage.
    await newOrder()
    const site = await server.server.sites.get('main')
    const process = site.catalog.get('default')!
    const stages = process.stages.map((stage) =>
      stage.code === 'packing' ? { ...stage, holdReasons: [material, customer] } : stage,
    )
    await site.saveProcess({ ...process, stages })
    const order = await newOrder()
    expect((await read(order)).holdReasons).toEqual([material, customer])
    const hold = (reason: string, minutes?: number) => ({
      action: 'hold' as const,
      reason,
      ...(minutes !== undefined && { until: clock.now() + 1 + minutes * minute }),
    })
    const refusals = [
      [hold('等物料', 61), 'out_of_order'],
      [hold('No material'), 'missing'],
    ] as const
    for (const [action, reason] of refusals) {
      const details = [{ field: 'do.until', reason }]
      expect(await act(operator, order, action)).toMatchObject({
        status: 400,
        body: { code: 'invalid_field', details },
      })
    }
    const body = { id: randomUUID(), orders: [{ order, stage: 'packing' }], do: hold('No material', 61) }
    expect((await operator.call('/api/v1/order-actions', { body })).body).toMatchObject({
      results: [{ order, refused: { code: 'invalid_field', field: 'do.until' } }],
    })
    expect(await act(operator, order, hold('No material', 60))).toMatchObject({ status: 200 })
    const until = clock.now() + 60 * minute
    // The time counts from the start of the hold, not from the change of its reason.
    clock.advanceTo(clock.now() + 10 * minute)
    const change = { action: 'changeHold', reason: 'No material' } as const
    expect(await act(operator, order, { ...change, until: until + 1 })).toMatchObject({ status: 400 })
    expect(await act(operator, order, { ...change, until })).toMatchObject({ status: 200 })
    expect(await act(operator, order, { ...change, reason: 'Customer asked' })).toMatchObject({ status: 200 })
    expect((await read(order)).heldUntil).toBeUndefined()
    // A free-text reason.
    const another = await newOrder()
    expect(await act(operator, another, hold('moved to another line'))).toMatchObject({ status: 200 })
  })
})
