import { existsSync } from 'node:fs'
import type { StageStats } from '@stagewatch/shared/contract/stage-stats.ts'
import { logFile } from '@stagewatch/test/harness/log-folder.ts'
import { runNode } from '@stagewatch/test/harness/node-process.ts'
import { alternate } from '../alternate.ts'
import { addTables } from '../import/copied-tables.ts'
import { importAlone, importedTables } from '../import/import-alone.ts'
import { postgresqlPlace } from '../ingest/ingest-places.ts'
import { median } from '../median.ts'
import { findPandas } from '../real-log/pandas-peer.ts'
import type { PandasPeer } from '../real-log/pandas-peer.ts'
import { repeatedLog } from '../real-log/repeated-log.ts'
import { checkSojourns } from '../real-log/sojourn-figures.ts'
import type { SojournFigures } from '../real-log/sojourn-figures.ts'
import { writeRowsFile } from '../rows-file.ts'
import type { Figure, Outcome, Progress, Row } from '../row.ts'

const log = 'helpdesk'
const times = Number(process.env['BENCH_LOG_TIMES'] ?? 15)
const title = `durations of each stage of the ${log} log, ${times} times over, from the file to numbers`

type Figures = ReadonlyMap<string, SojournFigures>

export const realLog: Row = { id: 'B11', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  const skip = (skipped: string): Outcome[] => [{ id: 'B11', what: title, skipped }]
  if (!existsSync(logFile(log))) return skip('because STAGEWATCH_LOGS names no folder of real logs')
  const pandas = await findPandas()
  if (pandas === undefined) return skip('because no Python with pandas is installed (python3-pandas)')
  const { rows, lines } = await repeatedLog(log, times)
  progress(`writing ${rows.toLocaleString('en')} events`)
  const file = await writeRowsFile(lines)
  try {
    return [await computing(file.path, rows, pandas, progress), await importing(file.path, rows, progress)]
  } finally {
    await file.remove()
  }
}

async function computing(path: string, rows: number, pandas: PandasPeer, progress: Progress): Promise<Figure> {
  const exact = await pandas.read(path)
  const timedS = (read: () => Promise<Figures>) => async () => {
    const startedAt = performance.now()
    checkSojourns(await read(), exact)
    return (performance.now() - startedAt) / 1000
  }
  const { computed, peer } = await alternate(
    { computed: timedS(() => computeOnly(path)), peer: timedS(() => pandas.read(path)) },
    progress,
  )
  return figure(
    `${title}: computing alone, times faster than ${pandas.name}`,
    { value: 0.8, unit: 'times' },
    { name: 'read, fold, count', times: computed },
    { name: pandas.name, times: peer },
    [
      `${rows.toLocaleString('en')} events; visits equal, means equal to the ms, percentiles within 1 %`,
      'pm4py is not among the packages of Debian; the peer is the same reckoning in pandas, which pm4py is made with',
      'a process that reads the file, folds every order, counts it into the engine and reads the statistics; no database, no server',
    ],
  )
}

/** Like B2 (a), with a real log. */
async function importing(path: string, rows: number, progress: Progress): Promise<Outcome> {
  const what = `import of the ${log} log, ${times} times over, from the start of the command to its end`
  const place = await postgresqlPlace()
  if ('skipped' in place) return { id: 'B11', what, skipped: place.skipped }
  const fresh = async () => {
    const another = await postgresqlPlace()
    if ('skipped' in another) throw new Error(another.skipped)
    return another
  }
  const args = [path, '--as', 'completed']
  const tables = await importedTables(place, args, rows)
  const { product, limit } = await alternate(
    {
      product: async () => (await importAlone(await fresh(), args, rows)).commandMs / 1000,
      limit: async () => (await addTables(await fresh(), tables)) / 1000,
    },
    progress,
  )
  return figure(
    what,
    { value: 0.5, unit: 'of COPY' },
    { name: 'stagewatch import', times: product },
    { name: 'COPY of the same rows', times: limit },
    [
      'the limit is binary COPY of exactly the rows that the import leaves in events, orders and visits, with their keys, in one transaction, on PostgreSQL',
    ],
  )
}

async function computeOnly(path: string): Promise<Figures> {
  const { code, stdout, stderr } = await runNode('bench/src/real-log/compute-only.ts', [path], {})
  if (code !== 0) throw new Error(`computing ended with ${code}: ${stderr.slice(0, 500)}`)
  const stages: StageStats[] = JSON.parse(stdout)
  return figuresOf(stages)
}

function figuresOf(stages: readonly StageStats[]): Figures {
  const known = (ms: number | undefined) => ms ?? Number.NaN
  return new Map(
    stages.map(({ stage, visits, meanMs, p50Ms, p90Ms, p99Ms }) => [
      stage,
      { visits, meanMs: known(meanMs), p50Ms: known(p50Ms), p90Ms: known(p90Ms), p99Ms: known(p99Ms) },
    ]),
  )
}

interface Contender {
  readonly name: string
  /** In seconds. */
  readonly times: readonly number[]
}

function figure(
  what: string,
  target: { readonly value: number; readonly unit: string },
  ours: Contender,
  theirs: Contender,
  notes: readonly string[],
): Figure {
  const [product, peer] = [median(ours.times), median(theirs.times)]
  return {
    id: 'B11',
    what,
    value: peer / product,
    target: target.value,
    better: 'higher',
    unit: target.unit,
    product: { name: ours.name, value: product, unit: 's' },
    peer: { name: theirs.name, value: peer, unit: 's' },
    runs: ours.times.map((value, i) => ({ product: value, peer: theirs.times[i] ?? Number.NaN })),
    notes,
  }
}
