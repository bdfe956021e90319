import { glob, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chooseFiles, type MeasuredFile } from './cover-statements.ts'

/**
 * Writes `repeated-files.json`, the files that `.ci/run` leaves to the night on PostgreSQL, from a run of all tests with a database on PostgreSQL that has recorded its statements:
 *
 * ```sh
 * SOAK=full STAGEWATCH_STATEMENTS=/tmp/statements vitest run --project db --reporter=json --outputFile=/tmp/statements/report.json
 * node test/src/statements/choose-files.ts /tmp/statements
 * ```
 */
const [folder = ''] = process.argv.slice(2)
const repository = fileURLToPath(new URL('../../..', import.meta.url))
const listed = new URL('repeated-files.json', import.meta.url)

/** What the sources of tests contain that PostgreSQL runs otherwise: several servers, lost connections, own databases. */
const dependent =
  /TEST_DATABASE_URL|create(?:Test|Empty)Database|(?:spawn-server|foreground-process|tcp-proxy|cuttable-database|postgresql-cluster|after-statement|connection-balancer)\.ts|\.kind\b|database: [\w.]*database|\{ database\b|, database\b/

interface Report {
  readonly testResults: readonly { readonly name: string; readonly startTime: number; readonly endTime: number }[]
}

const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Report
const durations = new Map(
  report.testResults.map(({ name, startTime, endTime }) => [relative(repository, name), endTime - startTime]),
)
const recordings = await readdir(folder)
const files: MeasuredFile[] = []
for await (const name of glob('{db,server,test}/src/**/*.db.test.ts', { cwd: repository })) {
  const durationMs = durations.get(name)
  // A file that has not run here is not judged, and goes on running.
  if (durationMs === undefined) continue
  const parts = recordings.filter((recording) => recording.startsWith(`${name.replaceAll('/', '_')}.`))
  const texts = await Promise.all(parts.map((part) => readFile(join(folder, part), 'utf8')))
  files.push({
    name,
    durationMs,
    isDependent: dependent.test(await readFile(join(repository, name), 'utf8')),
    statements: new Set(texts.flatMap((text) => text.split('\n').filter((line) => line !== ''))),
  })
}
const { kept, repeated } = chooseFiles(files)
const secondsOf = (some: readonly MeasuredFile[]) =>
  Math.round(some.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1_000)
await writeFile(listed, `${JSON.stringify(repeated.map(({ name }) => name).toSorted(), null, 2)}\n`)
console.log(
  `${kept.length} files of ${secondsOf(kept)} s run by day, ${repeated.length} of ${secondsOf(repeated)} s at night`,
)
