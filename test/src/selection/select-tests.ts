import { readFileSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { recordingFolder, root } from './recording.ts'
import type { RecordedFile } from './recording.ts'
import { selectFiles } from './select-files.ts'
import type { Amount } from './select-files.ts'

/**
 * Writes `nightly-files.json` from what `record-coverage.ts` has recorded, see README.md: the files with a browser and
 * those with a database that run at night only when the database is embedded, and when it is PostgreSQL.
 */
/** Files that take longer are not selected only because they differ between the two databases. */
const longSeconds = 20

const { values } = parseArgs({
  options: {
    /** Total of the durations of the selected files, with a browser and with the embedded database. */
    seconds: { type: 'string', default: '600' },
    /** The same for files with a database, when they run on PostgreSQL. */
    'postgresql-seconds': { type: 'string', default: '650' },
  },
})

const names = await readdir(recordingFolder)
const recorded = await Promise.all(
  names.map(async (name) => JSON.parse(await readFile(join(recordingFolder, name), 'utf8')) as RecordedFile),
)
const isCandidate = ({ file }: RecordedFile): boolean => /\.(?:db|browser)\.test\.ts$/.test(file)
const cheap = recorded.filter((one) => !isCandidate(one))
const candidates = recorded.filter(isCandidate)
const withDatabase = candidates.filter(({ file }) => file.endsWith('.db.test.ts'))

// In these files a browser shows that the wall follows what happens, and the clock.
const wall = /\/wall\/(?:live-board|time-alone)\.browser\./
const byDay = select('embedded', candidates, values.seconds, ({ file }) => wall.test(file))
// Who may know what is checked by all means, and so is what differs between the two unless it takes long.
const onPostgresql = select(
  'postgresql',
  withDatabase,
  values['postgresql-seconds'],
  ({ file, seconds }) =>
    file.startsWith('test/src/rights/') ||
    (seconds < longSeconds && readFileSync(join(root, file), 'utf8').includes('TEST_DATABASE_URL')),
)
const nightly = {
  browser: byDay.filter((file) => file.endsWith('.browser.test.ts')),
  embedded: byDay.filter((file) => file.endsWith('.db.test.ts')),
  postgresql: onPostgresql,
}
const path = join(root, 'test/src/selection/nightly-files.json')
await writeFile(path, `${JSON.stringify(nightly, undefined, 2)}\n`)
const onNone = nightly.embedded.filter((file) => onPostgresql.includes(file))
console.log(`${onNone.length} of ${withDatabase.length} files with a database run on neither by day`)

/**
 * @param isKept whether a file is selected in any case.
 * @returns the files that are not selected, in alphabetical order.
 */
function select(
  name: string,
  files: readonly RecordedFile[],
  limit: string,
  isKept: (recorded: RecordedFile) => boolean,
): string[] {
  const maxSeconds = Number(limit)
  if (!(maxSeconds > 0)) throw new Error(`${name}: the limit must be more than 0 seconds`)
  const { selected, total } = selectFiles(
    files.filter((one) => !isKept(one)),
    [...cheap, ...files.filter(isKept)],
    maxSeconds,
  )
  let seconds = 0
  const reached: Amount = { client: 0, server: 0 }
  for (const { file, gain, ...one } of selected) {
    seconds += one.seconds
    reached.client += gain.client
    reached.server += gain.server
    const [server, client] = (['server', 'client'] as const).map(
      (side) => (100 * reached[side]) / Math.max(1, total[side]),
    )
    console.log(
      `${name}: ${seconds.toFixed(1)} s, server ${server?.toFixed(1)} %, client ${client?.toFixed(1)} %: ${file}`,
    )
  }
  const chosen = new Set(selected.map(({ file }) => file))
  const left = files.filter((one) => !isKept(one) && !chosen.has(one.file)).map(({ file }) => file)
  console.log(`${name}: ${files.length - left.length} files run by day, ${left.length} at night`)
  return left.toSorted()
}
