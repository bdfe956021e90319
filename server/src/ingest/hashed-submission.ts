import { setImmediate } from 'node:timers/promises'
import type { ValidatedItem } from './batch-results.ts'
import { contentHash } from './content-hash.ts'
import type { Submission } from './event-intake.ts'
import type { PreparedBulk, PreparedRequest } from './prepared-bulk.ts'

/** Hashing this many events takes a few ms. */
const hashedAtOnce = 1_000

/** Converts the items of a request to the form that the log accepts, yielding to other work between batches. */
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

/** A submission with the content hashes of its events. */
export interface HashedSubmission extends Submission {
  readonly hashed: Promise<readonly ValidatedItem[]>
  readonly prepared?: Promise<PreparedBulk | undefined>
}

/** Resolves when all submissions are hashed and the rows of imports are prepared. */
export function hashedRequests(submissions: readonly HashedSubmission[]): Promise<readonly PreparedRequest[]> {
  return Promise.all(submissions.map(async (of) => ({ ...of, items: await of.hashed, prepared: await of.prepared })))
}
