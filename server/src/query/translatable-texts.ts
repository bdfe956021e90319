import type { OrderDetail, OrdersAnswer } from '@stagewatch/shared/contract/orders.ts'
import type { OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'

/** Translatable event texts in a list, as they appear in the reader's view. */
export function* textsOfOrders({ orders }: Pick<OrdersAnswer, 'orders'>): Generator<string> {
  for (const order of orders) yield* textsOfSummary(order)
}

/** The same for the details of one order. */
export function* textsOfOrder(order: Omit<OrderDetail, 'asOf' | 'position'>): Generator<string> {
  yield* textsOfSummary(order)
  for (const { owner, department, reason, handovers = [], overdueBy } of order.visits) {
    yield* defined(owner, department, reason)
    for (const one of [...handovers, ...overdueBy]) yield* defined(one.owner)
  }
  for (const { actor, data } of order.events) {
    yield* defined(
      actor,
      data.customer,
      data.product,
      data.department,
      data.priority,
      data.owner,
      data.reason,
      data.text,
    )
  }
}

function* textsOfSummary(order: OrderSummary): Generator<string> {
  const { customer, product, owner, reason, department, priority, acknowledged, alongside = [] } = order
  yield* defined(customer, product, owner, reason, department, priority, acknowledged?.by)
  for (const other of alongside) yield* defined(other.owner, other.department)
}

function* defined(...texts: readonly (string | undefined)[]): Generator<string> {
  for (const text of texts) if (text !== undefined) yield text
}
