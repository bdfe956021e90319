import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { recordingFolder, root } from './recording.ts'
import type { RecordedFile } from './recording.ts'
import { selectFiles } from './select-files.ts'
import type { Amount } from './select-files.ts'

/**
 * Writes `nightly-files.json` from what `record-coverage.ts` has recorded, see README.md. The kept files
 * always run by day: in them a browser shows that the wall follows what happens, and the clock.
 */
const kept = new Set(['wall/live-board', 'wall/time-alone'].map((name) => `test/src/${name}.browser.test.ts`))

const { values } = parseArgs({
  options: {
    /** Total of the durations of the selected files, which run in parallel. */
    seconds: { type: 'string', default: '360' },
  },
})
const maxSeconds = Number(values.seconds)
if (!(maxSeconds > 0)) throw new Error('--seconds must be more than 0')

const names = await readdir(recordingFolder)
const recorded = await Promise.all(
  names.map(async (name) => JSON.parse(await readFile(join(recordingFolder, name), 'utf8')) as RecordedFile),
)
const { candidates = [], always = [] } = Object.groupBy(recorded, ({ file }) =>
  /\.(?:db|browser)\.test\.ts$/.test(file) && !kept.has(file) ? 'candidates' : 'always',
)
const { selected, total } = selectFiles(candidates, always, maxSeconds)
let seconds = 0
const reached: Amount = { client: 0, server: 0 }
for (const { file, gain, ...one } of selected) {
  seconds += one.seconds
  reached.client += gain.client
  reached.server += gain.server
  const [server, client] = (['server', 'client'] as const).map(
    (side) => (100 * reached[side]) / Math.max(1, total[side]),
  )
  console.log(`${seconds.toFixed(1)} s, server ${server?.toFixed(1)} %, client ${client?.toFixed(1)} %: ${file}`)
}
const byDay = new Set(selected.map(({ file }) => file))
const nightly = candidates.map(({ file }) => file).filter((file) => !byDay.has(file))
await writeFile(
  join(root, 'test/src/selection/nightly-files.json'),
  `${JSON.stringify(nightly.toSorted(), undefined, 2)}\n`,
)
console.log(`${selected.length} files run by day, ${nightly.length} at night`)
