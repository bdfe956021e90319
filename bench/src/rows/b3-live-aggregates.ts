import { epochHour } from '@stagewatch/server/engine/stage-hours.ts'
import type { HeatFigures } from '../heat-figures.ts'
import { largestPercentileError } from '../heat-figures.ts'
import { heatMapOfDuckdb } from '../heat-map-of-duckdb.ts'
import { heatMapOfEngine } from '../heat-map-of-engine.ts'
import { heatMapOfPostgresql } from '../heat-map-of-postgresql.ts'
import { openBenchDatabase } from '../postgresql.ts'
import { writeRowsFile } from '../rows-file.ts'
import type { Outcome, Progress, Row } from '../row.ts'
import { syntheticVisits } from '../synthetic-visits.ts'
import { timesFaster } from '../times-faster.ts'
import type { Source } from '../times-faster.ts'

const count = Number(process.env['BENCH_VISITS'] ?? 10_000_000)
const what = `12 stages x 168 hours with mean, p50, p90, p99 and breach ratio over ${count.toLocaleString('en')} visits`
const notes = ['the live aggregates are kept while visits arrive, the peers compute when asked']

export const liveAggregates: Row = { id: 'B3', title: what, run }

async function run(progress: Progress): Promise<Outcome[]> {
  progress('adding the visits to the live aggregates')
  const product = heatMapOfEngine(syntheticVisits(count))
  progress('writing the same visits to a file for the peers')
  const file = await writeRowsFile(peerRows())
  try {
    progress('loading PostgreSQL')
    const database = await openBenchDatabase()
    const against = (peer: Source<HeatFigures[]>, target: number) =>
      timesFaster({ id: 'B3', what, target, notes }, product, peer, checkHeatMap, progress)
    const postgresql =
      'skipped' in database
        ? { id: 'B3', what, skipped: database.skipped }
        : await against(await heatMapOfPostgresql(database, file.path), 1_000)
    progress('loading DuckDB')
    return [postgresql, await against(await heatMapOfDuckdb(file.path), 50)]
  } finally {
    await file.remove()
  }
}

/** Stage, epoch hour of leaving, dwell and breach, so that the peers only have to group and rank. */
function* peerRows(): Generator<string> {
  for (const { stage, enteredAt, leftAt, breach } of syntheticVisits(count)) {
    yield `${stage},${epochHour(leftAt)},${leftAt - enteredAt},${breach !== undefined}`
  }
}

function checkHeatMap(ours: readonly HeatFigures[], exact: readonly HeatFigures[]): string {
  const error = largestPercentileError(ours, exact)
  return `means and breach ratios equal; largest error of a percentile ${(100 * error).toFixed(2)} %`
}
