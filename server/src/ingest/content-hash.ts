import { hash } from 'node:crypto'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'

/**
 * 128 bits, in hex, of what an event says: equal for equal content, whatever the order of its keys. The sequence is
 * no part of the content.
 */
export function contentHash(event: OrderEvent): string {
  const { source, id, type, order, stage, occurredAt, actor, data } = event
  const content = JSON.stringify([source, id, type, order, stage, occurredAt, actor, data], sortedKeys)
  return hash('sha256', content, 'hex').slice(0, 32)
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
