import type { EventData } from './order-event.ts'

/** What is known of an order besides its way through the stages. Undefined means that no event has said it. */
export interface OrderFacts {
  readonly customer?: string
  /** Class of the customer, such as "A" or "key account". */
  readonly customerClass?: string
  readonly product?: string
  readonly quantity?: number
  readonly amount?: number
  /** ISO 4217 code of `amount`. */
  readonly currency?: string
  /** The date given to the customer, epoch ms. */
  readonly promisedAt?: number
  readonly priority?: string
  /** Code of the process whose stages the order passes. */
  readonly process?: string
  readonly department?: string
}

const textFields = ['customer', 'customerClass', 'product', 'currency', 'priority', 'process', 'department'] as const
const numberFields = ['quantity', 'amount', 'promisedAt'] as const

/**
 * The facts after an event: what its data names replaces what was known, the rest stays. `order.placed` and
 * `order.changed` carry facts by definition; a stage event may carry them too, as a row of a file does.
 */
export function evolveFacts(facts: OrderFacts, data: EventData): OrderFacts {
  let next: Record<string, string | number> | undefined
  for (const field of textFields) {
    const value = data[field]
    if (typeof value === 'string' && value !== facts[field]) (next ??= { ...facts })[field] = value
  }
  for (const field of numberFields) {
    const value = data[field]
    if (typeof value === 'number' && value !== facts[field]) (next ??= { ...facts })[field] = value
  }
  return next ?? facts
}
