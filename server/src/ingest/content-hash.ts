import { hash } from 'node:crypto'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { setImmediate } from 'node:timers/promises'
import type { ValidatedItem } from './batch-results.ts'
import type { ParsedItem } from './parse/parse-events.ts'

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

/** Some ms. */
const hashedAtOnce = 1_000

/** The items of a request with the hashes of their events; everything else has its turn when there are very many. */
export async function hashInBatches(items: readonly ParsedItem[]): Promise<readonly ValidatedItem[]> {
  const hashed: ValidatedItem[] = []
  for (const item of items) {
    if (hashed.length > 0 && hashed.length % hashedAtOnce === 0) await setImmediate()
    hashed.push(item.ok ? { ...item, contentHash: contentHash(item.event) } : item)
  }
  return hashed
}
