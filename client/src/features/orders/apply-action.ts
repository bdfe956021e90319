import type { OrderAction } from '@stagewatch/shared/contract/order-action.ts'
import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'

/** The order as it will be when the server has done what it is asked to; `by`: what the person is called. */
export function applyAction(order: OrderDetail, action: OrderAction, by: string): OrderDetail {
  switch (action.action) {
    case 'claim':
      return { ...order, owner: by, unclaimed: false }
    case 'assign':
      return { ...order, owner: action.owner, unclaimed: false }
    case 'explain':
      return { ...order, reason: action.reason }
    case 'hold':
      return { ...order, held: true, reason: action.reason }
    case 'resume':
      return { ...order, held: false }
    case 'complete':
      return { ...order, status: 'completed' }
    case 'cancel':
      return { ...order, status: 'cancelled' }
    case 'comment':
      return order
  }
}
