import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import { AppError } from './app-error.ts'

/**
 * Optimistic concurrency: a client states which version it changed (`If-Match`), and its save is refused if somebody
 * else has saved in the meantime. See docs/decisions/0022-optimistic-locking.md.
 */

/** The version that was changed; null if nothing existed yet. */
export type ExpectedVersion = string | null

/** The arguments after the definition and the author: start of validity (epoch ms), and the version to replace. */
export type SaveOptions = [validFrom?: number, expected?: ExpectedVersion]

/** Replaces any version. */
export const anyVersion = '*'

/** The version in `If-Match`, without the quotes and the weak prefix of an entity tag. */
export function expectedVersion(headers: IncomingHttpHeaders): ExpectedVersion {
  const tag = headers['if-match']?.trim().replace(/^W\//, '')
  return tag === undefined || tag === '' ? null : tag.replace(/^"(.*)"$/, '$1')
}

/** Equal values have equal versions, whatever the order of their fields. */
export function versionOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url').slice(0, 22)
}

/**
 * To be called in the transaction that saves, after the current row is locked. A save that would change nothing passes,
 * so that a request whose answer was lost can be sent again.
 * @param current undefined if nothing exists.
 * @throws AppError `conflict` with both values.
 */
export function requireVersion(
  expected: ExpectedVersion,
  { current, yours, version = versionOf(current) }: { current: unknown; yours: unknown; version?: string },
): void {
  const exists = current !== undefined
  if (expected === anyVersion || (exists ? expected === version : expected === null)) return
  if (isDeepStrictEqual(current, yours)) return
  throw new AppError('conflict', conflictMessage(expected, exists), {
    field: 'If-Match',
    conflict: { current: exists ? current : null, yours, ...(exists && { version }) },
  })
}

function conflictMessage(expected: ExpectedVersion, exists: boolean): string {
  if (!exists) return 'it no longer exists; leave out If-Match to create it'
  return expected === null
    ? 'it already exists; send the version that you changed in the header If-Match, or * to overwrite the stored one'
    : 'it has been saved by somebody else since you loaded it; merge their changes, and send the current version in If-Match'
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value ?? null, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}
