import { randomUUID } from 'node:crypto'
import type { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { OrderAction } from '@stagewatch/shared/contract/order-action.ts'
import { orderDetail } from '@stagewatch/shared/contract/orders.ts'
import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import { expect } from 'vitest'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'
import { call } from './call.ts'
import type { Reply } from './call.ts'
import { someEvent } from './some-event.ts'

/** An unassigned order that has been in packing for two hours. @param now epoch ms. */
export async function orderInPacking(server: PeopledServer, key: string, now: number): Promise<string> {
  const event = someEvent({ occurredAt: new Date(now - 7_200_000).toISOString(), data: { department: 'store' } })
  expect((await call(`${server.url}/api/v1/events`, { key, body: event })).body).toMatchObject({ accepted: 1 })
  return String(event['order'])
}

export interface Asked {
  readonly id?: string
  readonly stage?: string | undefined
}

/** Performs an action on an order, which the visitor last saw in packing unless specified. */
export function actOn(
  clock: VirtualClock,
  somebody: Visitor,
  order: string,
  action: OrderAction,
  asked: Asked = {},
): Promise<Reply> {
  // No two actions happen in the same millisecond.
  clock.advanceTo(clock.now() + 1)
  const body = { id: randomUUID(), stage: 'packing', ...asked, do: action }
  return somebody.call(`/api/v1/orders/${order}/actions`, { body })
}

/** The complete order, as an administrator sees it. */
export async function orderOf({ ada }: PeopledServer, order: string): Promise<OrderDetail> {
  return orderDetail.parse((await ada.call(`/api/v1/orders/${order}`)).body)
}
