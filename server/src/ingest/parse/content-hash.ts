import { hash } from 'node:crypto'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { isRecord } from './read-field.ts'

/**
 * Content hash of an event: 128 bits in hex, equal for equal content regardless of key order. The sequence is not part
 * of the content.
 */
export function contentHash(event: OrderEvent): string {
  const { source, id, type, order, stage, occurredAt, actor, data } = event
  const content = JSON.stringify([source, id, type, order, stage, occurredAt, actor, inKeyOrder(data)])
  return hash('sha256', content, 'hex').slice(0, 32)
}

/** The same JSON with the keys of every object sorted; the value itself if they already are. */
function inKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inKeyOrder)
  if (!isRecord(value)) return value
  return isPlain(value) ? value : Object.fromEntries(sortedEntries(value))
}

/** Whether nothing has to be reordered: the keys are sorted and no value has keys of its own. */
function isPlain(value: Readonly<Record<string, unknown>>): boolean {
  let last = ''
  for (const [key, item] of Object.entries(value)) {
    if (key < last || (typeof item === 'object' && item !== null)) return false
    last = key
  }
  return true
}

function sortedEntries(value: Readonly<Record<string, unknown>>): [string, unknown][] {
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([key, item]) => [key, inKeyOrder(item)])
}
