import { eventLimits, futureToleranceMs } from '@stagewatch/shared/contract/event-limits.ts'
import { isStageEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { instantOf } from '@stagewatch/shared/domain/rfc3339.ts'
import type { FileEvent, FileEventData } from './file-event.ts'
import { parseEvent } from '../parse/parse-event.ts'
import type { ParsedEvent } from '../parse/parse-event.ts'

/**
 * Equivalent of `parseEvent` for events of a file; runs for every event of an import. Nearly all of them are valid
 * stage events, which take a fast path in a third of the time.
 */
export function parseFileEvent(raw: FileEvent, now: number): ParsedEvent {
  const event = plainEvent(raw, now)
  return event === undefined ? parseEvent({ ...raw, data: saidOf(raw.data) }, now) : { ok: true, event }
}

/** Returns undefined if the event needs the full parser. */
function plainEvent(raw: FileEvent, now: number): OrderEvent | undefined {
  const { source, id, type, order, stage, actor, sequence } = raw
  if (!isStageEvent(type) || stage === undefined || sequence === undefined) return undefined
  if (!Number.isSafeInteger(sequence) || sequence < 0) return undefined
  const isPlain =
    isPlainIdentifier(source, eventLimits.source) &&
    isPlainIdentifier(id, eventLimits.id) &&
    isPlainIdentifier(order, eventLimits.order) &&
    isPlainIdentifier(stage, eventLimits.stage) &&
    (actor === undefined || isPlainIdentifier(actor, eventLimits.actor))
  if (!isPlain) return undefined
  const occurredAt = instantOf(raw.occurredAt)
  if (occurredAt === undefined || occurredAt > now + futureToleranceMs) return undefined
  const data = plainData(raw.data, type === 'stage.completed')
  if (data === undefined) return undefined
  return actor === undefined
    ? { source, id, type, order, occurredAt, data, stage, sequence }
    : { source, id, type, order, occurredAt, data, stage, actor, sequence }
}

const plainIdentifier = /^[!-~]+$/

/** Whether the text already is in normal form. */
function isPlainIdentifier(text: string, limit: number): boolean {
  return text.length <= limit && plainIdentifier.test(text)
}

/** Keys are sorted as the content hash requires. All texts together are smaller than the limit of an event. */
function plainData(said: FileEventData, isCompletion: boolean): OrderEvent['data'] | undefined {
  const { abandoned, about, concurrent, customer, customerClass, department, instance, process, product } = said
  const { enteredAt, promisedAt, startedAt, transition, waybill } = said
  const isOfOrders = [said.amount, said.currency, said.priority, said.quantity].some((value) => value !== undefined)
  const isOfCompletion = abandoned !== undefined || enteredAt !== undefined || startedAt !== undefined
  if (isOfOrders || (isOfCompletion && !isCompletion)) return undefined
  const data: Record<string, unknown> = {}
  if (abandoned !== undefined) data['abandoned'] = abandoned
  if (about !== undefined) data['about'] = about
  if (concurrent !== undefined) data['concurrent'] = concurrent
  if (customer !== undefined) data['customer'] = customer
  if (customerClass !== undefined) data['customerClass'] = customerClass
  if (department !== undefined) data['department'] = department
  if (enteredAt !== undefined) data['enteredAt'] = instantOf(enteredAt)
  if (instance !== undefined) data['instance'] = instance
  if (process !== undefined) data['process'] = process
  if (product !== undefined) data['product'] = product
  if (promisedAt !== undefined) data['promisedAt'] = instantOf(promisedAt)
  if (startedAt !== undefined) data['startedAt'] = instantOf(startedAt)
  if (transition !== undefined) data['transition'] = transition
  if (waybill !== undefined) data['waybill'] = waybill
  // A line of events may have fields without a predefined meaning.
  for (const name of Object.keys(said)) {
    if (!Object.hasOwn(data, name) && said[name as keyof FileEventData] !== undefined) return undefined
  }
  for (const name in data) if (!isPlainValue(data[name])) return undefined
  return data
}

/** Undefined represents an invalid instant. */
function isPlainValue(value: unknown): boolean {
  if (typeof value !== 'string') return value !== undefined
  return value.length <= eventLimits.factText && !value.includes('\0') && value.isWellFormed()
}

/** Removes undefined fields, as JSON serialization would. */
function saidOf(data: FileEventData): Record<string, unknown> {
  const said: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(data)) if (value !== undefined) said[name] = value
  return said
}
