import { hash } from 'node:crypto'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { setImmediate } from 'node:timers/promises'
import type { ValidatedItem } from './batch-results.ts'
import type { Submission } from './event-intake.ts'
import { isRecord } from './parse/read-field.ts'
import type { PreparedBulk, PreparedRequest } from './prepared-bulk.ts'

/**
 * 128 bits, in hex, of what an event says: equal for equal content, whatever the order of its keys. The sequence is
 * no part of the content.
 */
export function contentHash(event: OrderEvent): string {
  const { source, id, type, order, stage, occurredAt, actor, data } = event
  const content = JSON.stringify([source, id, type, order, stage, occurredAt, actor, inKeyOrder(data)])
  return hash('sha256', content, 'hex').slice(0, 32)
}

/** The same JSON with the keys of every object in order; itself where they are. */
function inKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inKeyOrder)
  if (!isRecord(value)) return value
  return isPlain(value) ? value : Object.fromEntries(sortedEntries(value))
}

/** Whether nothing of it has to be moved: the keys are in order and no value has keys of its own. */
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

/** Some ms. */
const hashedAtOnce = 1_000

/** The items of a request as the log takes them; everything else has its turn when there are very many. */
export async function hashInBatches({
  items,
  keyId,
  imported = false,
  importId,
}: Pick<Submission, 'items' | 'keyId' | 'imported' | 'importId'>): Promise<readonly ValidatedItem[]> {
  const hashed: ValidatedItem[] = []
  for (const item of items) {
    if (hashed.length > 0 && hashed.length % hashedAtOnce === 0) await setImmediate()
    if (!item.ok) {
      hashed.push(item)
      continue
    }
    const { index, event, raw } = item
    hashed.push({ index, ok: true, event, raw, contentHash: contentHash(event), keyId, imported, importId })
  }
  return hashed
}

/** With the hashes of its events. */
export interface HashedSubmission extends Submission {
  readonly hashed: Promise<readonly ValidatedItem[]>
  readonly prepared?: Promise<PreparedBulk | undefined>
}

/** When everything of them is hashed, and rows of imports are prepared. */
export function hashedRequests(submissions: readonly HashedSubmission[]): Promise<readonly PreparedRequest[]> {
  return Promise.all(submissions.map(async (of) => ({ ...of, items: await of.hashed, prepared: await of.prepared })))
}
