import { isStageEvent } from './order-event.ts'
import type { EventData, OrderEvent } from './order-event.ts'

/** Attributes of an order other than its visits. Undefined: no event has reported the attribute. */
export interface OrderAttributes {
  readonly customer?: string
  /** Class of the customer, such as "A" or "key account". */
  readonly customerClass?: string
  readonly product?: string
  readonly quantity?: number
  readonly amount?: number
  /** ISO 4217 code of `amount`. */
  readonly currency?: string
  /** The date promised to the customer, epoch ms. */
  readonly promisedAt?: number
  readonly priority?: string
  /** Code of the process that the order follows. */
  readonly process?: string
  readonly department?: string
  /** Tracking number of the carrier; of several, the last one reported. */
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
const fieldsAtStage = [...textFields, ...numberFields].filter((field) => field !== 'department')

/**
 * The attributes after an event: values in its data replace earlier ones, the rest is kept. `order.placed` and
 * `order.changed` carry attributes by definition; a stage event may carry them too, like a row of a file does.
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

/** The attributes of the order in the data of an event at a stage; its department belongs to the visit. */
export function attributesAtStage(data: EventData): EventData {
  const attributes: Record<string, unknown> = {}
  // Data has other fields as well, hundreds at most, so copying all of it is slow.
  for (const field of fieldsAtStage) if (data[field] !== undefined) attributes[field] = data[field]
  return attributes
}

/**
 * The last process that the events of an order name; its rules apply to the whole order. Undefined: they name none.
 * @param events The events that count, in the order in which they apply.
 */
export function processNamedBy(events: readonly OrderEvent[]): string | undefined {
  const process = events.findLast(namesProcess)?.data['process']
  return typeof process === 'string' ? process : undefined
}

/** Whether the event names the process of its order. */
export function namesProcess({ type, data }: Pick<OrderEvent, 'type' | 'data'>): boolean {
  const mayName = type === 'order.placed' || type === 'order.changed' || isStageEvent(type)
  return mayName && typeof data['process'] === 'string'
}
