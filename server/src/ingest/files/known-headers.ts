import { eventColumns, headerKey, orderColumns } from './find-columns.ts'
import { knownExports } from './known-exports.ts'

const ascii = /^\p{ASCII}*$/u

/** Keys of all headers that are recognized and have a character beyond ASCII. */
const knownKeys: ReadonlySet<string> = new Set(
  [
    ...Object.values<readonly string[]>(eventColumns).flat(),
    ...Object.values<readonly string[]>(orderColumns).flat(),
    ...knownExports.flatMap(({ headers, columns, milestones = [] }) => [
      ...headers,
      ...Object.values(columns).flat(),
      ...milestones.flatMap((milestone) => milestone.headers),
    ]),
  ]
    .map(headerKey)
    .filter((key) => !ascii.test(key)),
)

/** Whether a header is recognized, and would look different in another encoding. */
export function isTellingHeader(header: string): boolean {
  return knownKeys.has(headerKey(header))
}
