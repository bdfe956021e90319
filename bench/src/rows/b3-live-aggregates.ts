import { alternate } from '../alternate.ts'
import type { HeatMapSource } from '../heat-figures.ts'
import { largestPercentileError } from '../heat-figures.ts'
import { heatMapOfDuckdb } from '../heat-map-of-duckdb.ts'
import { heatMapOfEngine } from '../heat-map-of-engine.ts'
import { heatMapOfPostgresql } from '../heat-map-of-postgresql.ts'
import { median } from '../median.ts'
import { openBenchDatabase } from '../postgresql.ts'
import type { Figure, Outcome, Progress, Row } from '../row.ts'
import { syntheticVisits } from '../synthetic-visits.ts'
import { writeVisitsFile } from '../visits-file.ts'

const count = Number(process.env['BENCH_VISITS'] ?? 10_000_000)
const what = `12 stages x 168 hours with mean, p50, p90, p99 and breach ratio over ${count.toLocaleString('en')} visits`

export const liveAggregates: Row = { id: 'B3', title: what, run }

async function run(progress: Progress): Promise<Outcome[]> {
  progress('adding the visits to the live aggregates')
  const product = heatMapOfEngine(syntheticVisits(count))
  progress('writing the same visits to a file for the peers')
  const file = await writeVisitsFile(syntheticVisits(count))
  try {
    const outcomes: Outcome[] = []
    progress('loading PostgreSQL')
    const database = await openBenchDatabase()
    if ('skipped' in database) outcomes.push({ id: 'B3', what, skipped: database.skipped })
    else outcomes.push(await compare(product, await heatMapOfPostgresql(database, file.path), 500, progress))
    progress('loading DuckDB')
    outcomes.push(await compare(product, await heatMapOfDuckdb(file.path), 50, progress))
    return outcomes
  } finally {
    await file.remove()
  }
}

async function compare(
  product: HeatMapSource,
  peer: HeatMapSource,
  target: number,
  progress: Progress,
): Promise<Figure> {
  try {
    const { product: ours, peer: theirs } = await alternate(
      { product: () => timedRead(product), peer: () => timedRead(peer) },
      (message) => progress(`${peer.name}, ${message}`),
    )
    const runs = ours.map((read, i) => ({ product: read.ms, peer: theirs[i]?.ms ?? Number.NaN }))
    const [productMs, peerMs] = [median(ours.map(({ ms }) => ms)), median(theirs.map(({ ms }) => ms))]
    const error = Math.max(...ours.map(({ figures }, i) => largestPercentileError(figures, theirs[i]?.figures ?? [])))
    return {
      id: 'B3',
      what: `${what}: times faster than ${peer.name}`,
      value: peerMs / productMs,
      target,
      better: 'higher',
      unit: 'times',
      product: { name: product.name, value: productMs, unit: 'ms' },
      peer: { name: peer.name, value: peerMs, unit: 'ms' },
      runs,
      notes: [
        `means and breach ratios equal; largest error of a percentile ${(error * 100).toFixed(2)} %`,
        'the live aggregates are kept while visits arrive, the peers compute when asked',
      ],
    }
  } finally {
    await peer.close()
  }
}

async function timedRead(source: HeatMapSource) {
  const startedAt = performance.now()
  const figures = await source.read()
  return { figures, ms: performance.now() - startedAt }
}
