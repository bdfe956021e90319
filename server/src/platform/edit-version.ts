import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import { AppError } from './app-error.ts'

/**
 * Optimistic concurrency: whoever saves something says which version of it they changed (`If-Match`), and is refused
 * when somebody else has saved it since. See docs/decisions/0022-versions-of-what-is-edited.md.
 */

/** The version that was changed; null: there was nothing yet. */
export type ExpectedVersion = string | null

/** What follows the definition and who saves it: when it begins (epoch ms), and what is saved over. */
export type SaveOptions = [validFrom?: number, expected?: ExpectedVersion]

/** Saves over whatever is there. */
export const anyVersion = '*'

/** What `If-Match` says; quotes of an entity tag and its mark as weak make no difference. */
export function expectedVersion(headers: IncomingHttpHeaders): ExpectedVersion {
  const tag = headers['if-match']?.trim().replace(/^W\//, '')
  return tag === undefined || tag === '' ? null : tag.replace(/^"(.*)"$/, '$1')
}

/** One text for values that are the same, whatever the order of their fields. */
export function versionOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url').slice(0, 22)
}

/**
 * Belongs into the transaction that saves, after what is there was locked. What would change nothing passes, so that a
 * request whose answer was lost can be sent again.
 * @param current undefined: there is nothing.
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
  if (!exists) return 'it is not there any more; leave out If-Match to create it'
  return expected === null
    ? 'it is there already; send the version that you changed in the header If-Match, or * to save over whatever is there'
    : 'somebody else has saved it since you loaded it; take over what they changed, and send the version of now in If-Match'
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value ?? null, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}
