import { existsSync } from 'node:fs'
import type { StageStats } from '@stagewatch/shared/contract/stage-stats.ts'
import { stageStatsAnswer } from '@stagewatch/shared/contract/stage-stats.ts'
import { logFile } from '@stagewatch/test/harness/log-folder.ts'
import { startNode } from '@stagewatch/test/harness/node-process.ts'
import { alternate } from '../alternate.ts'
import { runImport, withFreshServer } from '../import/run-import.ts'
import { embeddedPlace, postgresqlPlace } from '../ingest/ingest-places.ts'
import { median } from '../median.ts'
import { findPandas } from '../real-log/pandas-peer.ts'
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
    const exact = await pandas.read(file.path)
    const timed = (read: () => Promise<Figures>) => async () => {
      const startedAt = performance.now()
      checkSojourns(await read(), exact)
      return (performance.now() - startedAt) / 1000
    }
    const { stored, computed, peer } = await alternate(
      {
        stored: () => importedS(file.path, rows, exact),
        computed: timed(() => computeOnly(file.path)),
        peer: timed(() => pandas.read(file.path)),
      },
      progress,
    )
    const checked = `${rows.toLocaleString('en')} events; visits equal, means equal to the ms, percentiles within 1 %`
    const peerNote =
      'pm4py is not among the packages of Debian; the peer is the same reckoning in pandas, which pm4py is made with'
    return [
      figure(`${title}: import and statistics`, 'import and GET', pandas.name, stored, peer, [
        checked,
        peerNote,
        'the product stores each event durably, each order and each visit, and keeps them for every later question; the peer computes these figures once and stores nothing',
      ]),
      figure(`${title}: computing alone`, 'read, fold, count', pandas.name, computed, peer, [
        checked,
        peerNote,
        'a process that reads the file, folds every order, counts it into the engine and reads the statistics; no database, no server',
      ]),
    ]
  } finally {
    await file.remove()
  }
}

/** Seconds from the start of the command to the answer of the server, which was fresh. */
async function importedS(path: string, rows: number, exact: Figures): Promise<number> {
  const fresh = await postgresqlPlace()
  return withFreshServer('skipped' in fresh ? await embeddedPlace() : fresh, async (server, env) => {
    const startedAt = performance.now()
    await runImport(server, env, [path, '--as', 'completed'], rows)
    const reply = await fetch(`${server.url}/api/v1/stages/stats`)
    checkSojourns(figuresOf(stageStatsAnswer.parse(await reply.json()).stages), exact)
    return (performance.now() - startedAt) / 1000
  })
}

async function computeOnly(path: string): Promise<Figures> {
  const { code, stdout, stderr } = await startNode('bench/src/real-log/compute-only.ts', [path], {}).ended
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

function figure(
  what: string,
  name: string,
  peerName: string,
  ours: readonly number[],
  theirs: readonly number[],
  notes: readonly string[],
): Figure {
  const [product, peer] = [median(ours), median(theirs)]
  return {
    id: 'B11',
    what: `${what}: times faster than ${peerName}`,
    value: peer / product,
    target: 3,
    better: 'higher',
    unit: 'times',
    product: { name, value: product, unit: 's' },
    peer: { name: peerName, value: peer, unit: 's' },
    runs: ours.map((value, i) => ({ product: value, peer: theirs[i] ?? Number.NaN })),
    notes,
  }
}
