import type { DeskAction } from '@stagewatch/shared/contract/order-action.ts'
import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'

/** The expected order after the server has applied the action. `by`: the user's name. */
export function applyAction(order: OrderDetail, action: DeskAction, by: string): OrderDetail {
  switch (action.action) {
    case 'claim':
      return { ...order, owner: by, unclaimed: false }
    case 'assign':
      return { ...order, owner: action.owner, unclaimed: false }
    case 'acknowledge':
      return { ...order, acknowledged: { at: order.asOf, by } }
    case 'explain':
      return { ...order, reason: action.reason }
    case 'hold':
    case 'changeHold':
      return { ...withoutHold(order), held: true, reason: action.reason, ...heldUntil(action.until) }
    case 'resume':
      return withoutHold(order)
    case 'complete':
      return { ...order, status: 'completed' }
    case 'cancel':
      return { ...order, status: 'cancelled' }
    case 'comment':
      return order
  }
}

function withoutHold({ heldUntil: _, ...order }: OrderDetail): OrderDetail {
  return { ...order, held: false }
}

function heldUntil(until: number | undefined): Pick<OrderDetail, 'heldUntil'> {
  return until === undefined ? {} : { heldUntil: until }
}
