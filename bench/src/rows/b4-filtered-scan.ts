import type { VisitFilter } from '@stagewatch/server/engine/visit-filter.ts'
import { VisitStore } from '@stagewatch/server/engine/visit-store.ts'
import type { Figure, Outcome, Progress, Row } from '../row.ts'
import { writeRowsFile } from '../rows-file.ts'
import { duckdbRow, scanByDuckdb } from '../scan-by-duckdb.ts'
import { checkStages, figuresOf } from '../stage-figures.ts'
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
  try {
    const product = {
      name: 'scan of the store',
      read: async () =>
        new Map([...store.statistics(filter, 'elapsed')].map(([stage, found]) => [stage, figuresOf(found)])),
      close: async () => {},
    }
    const notes = ['the scan runs on one thread, DuckDB on all']
    const peer = await scanByDuckdb(file.path, condition)
    const times = await timesFaster({ id: 'B4', what: title, target: 5, notes }, product, peer, checkStages, progress)
    return [times, memoryFigure(bytesPerVisit)]
  } finally {
    await file.remove()
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
