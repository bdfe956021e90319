import { deskAction } from '@stagewatch/shared/contract/order-action.ts'
import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import { expect, it } from 'vitest'
import { applyAction } from './apply-action.ts'

const order: OrderDetail = {
  order: 'SO-1',
  process: 'default',
  status: 'open',
  overdue: true,
  atRisk: false,
  stalled: false,
  held: false,
  unclaimed: true,
  ageMs: 1,
  firstAt: 0,
  lastEventAt: 0,
  reopenedCount: 0,
  complaintCount: 0,
  visits: [],
  visitCount: 0,
  dueHistory: [],
  events: [],
  asOf: 1,
  position: '1',
}

it.each([
  [{ action: 'claim' }, { owner: 'Li Min', unclaimed: false }],
  [
    { action: 'assign', owner: 'Wang Lei' },
    { owner: 'Wang Lei', unclaimed: false },
  ],
  [{ action: 'explain', reason: 'no boxes' }, { reason: 'no boxes' }],
  [
    { action: 'hold', reason: 'asked to' },
    { held: true, reason: 'asked to' },
  ],
  [
    { action: 'changeHold', reason: 'asked to', until: 9 },
    { held: true, reason: 'asked to', heldUntil: 9 },
  ],
  [{ action: 'resume' }, { held: false }],
  [{ action: 'complete' }, { status: 'completed' }],
  [{ action: 'cancel', reason: 'asked to' }, { status: 'cancelled' }],
  [{ action: 'comment', comment: 'seen' }, {}],
])('what is shown before the server answers %o is the order with that done', (action, changed) => {
  expect(applyAction(order, deskAction.parse(action), 'Li Min')).toEqual({ ...order, ...changed })
})
