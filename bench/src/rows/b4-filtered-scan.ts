import { setTimeout } from 'node:timers/promises'
import { StageTable } from '@stagewatch/server/engine/stage-table.ts'
import type { VisitFilter } from '@stagewatch/server/engine/visit-filter.ts'
import { VisitStore } from '@stagewatch/server/engine/visit-store.ts'
import { ScanPool } from '@stagewatch/server/engine/scans/scan-pool.ts'
import { alternate } from '../alternate.ts'
import { longestHold } from '../longest-hold.ts'
import { median } from '../median.ts'
import type { Figure, Outcome, Progress, Row } from '../row.ts'
import { writeRowsFile } from '../rows-file.ts'
import { duckdbRow, scanByDuckdb } from '../scan-by-duckdb.ts'
import { checkStages, figuresOf } from '../stage-figures.ts'
import type { StageFigures } from '../stage-figures.ts'
import { syntheticVisits } from '../synthetic-visits.ts'
import { timesFaster } from '../times-faster.ts'

const count = Number(process.env['BENCH_VISITS'] ?? 10_000_000)
const title = `statistics of each stage, 3 of 7 departments and 5 of 7 days of ${count.toLocaleString('en')} visits`
const filter = {
  fromMs: Date.UTC(2026, 0, 6),
  toMs: Date.UTC(2026, 0, 11),
  departments: new Set([0, 2, 5]),
} satisfies VisitFilter
const condition = `left_at >= ${filter.fromMs} and left_at < ${filter.toMs} and department in (0, 2, 5)`

export const filteredScan: Row = { id: 'B4', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  progress('storing the visits')
  const before = process.memoryUsage().arrayBuffers
  const store = new VisitStore()
  for (const visit of syntheticVisits(count)) store.add(visit)
  const bytesPerVisit = (process.memoryUsage().arrayBuffers - before) / count
  progress('loading DuckDB with the same visits')
  const file = await writeRowsFile(syntheticVisits(count).map(duckdbRow))
  const pool = new ScanPool()
  try {
    const product = { name: 'scan of the store', read: () => scan(pool, store, filter), close: async () => {} }
    const notes = [`the scan runs on ${pool.threadCount} threads beside the main one, DuckDB on all`]
    const peer = await scanByDuckdb(file.path, condition)
    const times = await timesFaster({ id: 'B4', what: title, target: 5, notes }, product, peer, checkStages, progress)
    return [times, memoryFigure(bytesPerVisit), await holdFigure(pool, store, progress)]
  } finally {
    await pool.close()
    await file.remove()
  }
}

async function scan(pool: ScanPool, store: VisitStore, wanted: VisitFilter): Promise<Map<number, StageFigures>> {
  const table = new StageTable()
  await pool.scan(table, store, wanted, 'elapsed')
  return new Map([...table.stages].map(([stage, found]) => [stage, figuresOf(found)]))
}

/** For a scan of all visits, which takes longest. On a busy machine, even an idle event loop is delayed. */
async function holdFigure(pool: ScanPool, store: VisitStore, progress: Progress): Promise<Figure> {
  let scanMs = 0
  const contestants = {
    scan: () =>
      longestHold(async () => {
        const startedAt = performance.now()
        await scan(pool, store, {})
        scanMs = performance.now() - startedAt
      }),
    idle: () => longestHold(() => setTimeout(scanMs)),
  }
  const holds = await alternate(contestants, (message) => progress(`event loop, ${message}`))
  return {
    id: 'B4',
    what: `longest hold of the event loop during a scan of all ${count.toLocaleString('en')} visits`,
    value: median(holds.scan),
    target: 20,
    better: 'lower',
    unit: 'ms',
    product: { name: 'during the scan', value: median(holds.scan), unit: 'ms' },
    peer: { name: 'without a scan', value: median(holds.idle), unit: 'ms' },
    runs: holds.scan.map((product, i) => ({ product, peer: holds.idle[i] ?? Number.NaN })),
  }
}

function memoryFigure(bytesPerVisit: number): Figure {
  return {
    id: 'B4',
    what: `memory of a visit in the store, ${count.toLocaleString('en')} visits`,
    value: bytesPerVisit,
    target: 40,
    better: 'lower',
    unit: 'bytes',
    product: { name: 'store', value: bytesPerVisit, unit: 'bytes' },
    peer: { name: 'limit', value: 40, unit: 'bytes' },
    runs: [],
  }
}
