import { isStageEvent } from './order-event.ts'
import type { EventData, OrderEvent } from './order-event.ts'

/** What is known of an order besides its way through the stages. Undefined means that no event has said it. */
export interface OrderAttributes {
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
  /** Number of the parcel by which the carrier knows the order; of several, the one that was said last. */
  readonly waybill?: string
}

const textFields = [
  'customer',
  'customerClass',
  'product',
  'currency',
  'priority',
  'process',
  'department',
  'waybill',
] as const
const numberFields = ['quantity', 'amount', 'promisedAt'] as const

/**
 * The attributes after an event: what its data names replaces what was known, the rest stays. `order.placed` and
 * `order.changed` carry attributes by definition; a stage event may carry them too, as a row of a file does.
 */
export function evolveAttributes(attributes: OrderAttributes, data: EventData): OrderAttributes {
  let next: Record<string, string | number> | undefined
  for (const field of textFields) {
    const value = data[field]
    if (typeof value === 'string' && value !== attributes[field]) (next ??= { ...attributes })[field] = value
  }
  for (const field of numberFields) {
    const value = data[field]
    if (typeof value === 'number' && value !== attributes[field]) (next ??= { ...attributes })[field] = value
  }
  return next ?? attributes
}

/**
 * The last process that the events of an order name, by whose rules all of the order is folded and judged; undefined:
 * they name none.
 * @param events that count, in the order in which they apply.
 */
export function processNamedBy(events: readonly OrderEvent[]): string | undefined {
  const process = events.findLast(namesProcess)?.data['process']
  return typeof process === 'string' ? process : undefined
}

/** Whether the event says to which process its order belongs. */
export function namesProcess({ type, data }: Pick<OrderEvent, 'type' | 'data'>): boolean {
  const mayName = type === 'order.placed' || type === 'order.changed' || isStageEvent(type)
  return mayName && typeof data['process'] === 'string'
}
