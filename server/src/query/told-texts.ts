import type { OrderDetail, OrdersAnswer, OrderSummary } from '@stagewatch/shared/contract/orders.ts'

/** The texts of events that a list shows and that may have translations, as they stand in the view of its reader. */
export function* textsOfOrders({ orders }: Pick<OrdersAnswer, 'orders'>): Generator<string> {
  for (const order of orders) yield* textsOfSummary(order)
}

/** The same of one order whole. */
export function* textsOfOrder(order: Omit<OrderDetail, 'asOf' | 'position'>): Generator<string> {
  yield* textsOfSummary(order)
  for (const { owner, department, reason, handovers = [], overdueBy } of order.visits) {
    yield* told(owner, department, reason)
    for (const one of [...handovers, ...overdueBy]) yield* told(one.owner)
  }
  for (const { actor, data } of order.events) {
    yield* told(actor, data.customer, data.product, data.department, data.priority, data.owner, data.reason, data.text)
  }
}

function textsOfSummary({ customer, product, owner, reason, department, priority }: OrderSummary): Generator<string> {
  return told(customer, product, owner, reason, department, priority)
}

function* told(...texts: readonly (string | undefined)[]): Generator<string> {
  for (const text of texts) if (text !== undefined) yield text
}
