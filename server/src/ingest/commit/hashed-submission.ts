import { Slices } from '../../platform/in-slices.ts'
import type { ValidatedItem } from '../batch-results.ts'
import { contentHash } from '../parse/content-hash.ts'
import type { Submission } from '../event-intake.ts'
import type { PreparedBulk, PreparedRequest } from './prepared-bulk.ts'

/**
 * Converts the items of a request to the form that the log accepts. One event takes some µs, or a millisecond with all
 * the data that it may have.
 */
export async function hashInBatches({
  items,
  keyId,
  imported = false,
  importId,
}: Pick<Submission, 'items' | 'keyId' | 'imported' | 'importId'>): Promise<readonly ValidatedItem[]> {
  const hashed: ValidatedItem[] = []
  const slices = new Slices()
  for (const item of items) {
    if (slices.isUsedUp()) await slices.next()
    if (!item.ok) {
      hashed.push(item)
      continue
    }
    const { index, event, raw } = item
    hashed.push({ index, ok: true, event, raw, contentHash: contentHash(event), keyId, imported, importId })
  }
  return hashed
}

/** A submission with the content hashes of its events. */
export interface HashedSubmission extends Submission {
  readonly hashed: Promise<readonly ValidatedItem[]>
  readonly prepared?: Promise<PreparedBulk | undefined>
}

/** Resolves when all submissions are hashed and the rows of imports are prepared. */
export function hashedRequests(submissions: readonly HashedSubmission[]): Promise<readonly PreparedRequest[]> {
  return Promise.all(submissions.map(async (of) => ({ ...of, items: await of.hashed, prepared: await of.prepared })))
}
