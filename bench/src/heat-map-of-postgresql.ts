import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { HeatFigures } from './heat-figures.ts'
import type { BenchDatabase } from './postgresql.ts'
import type { Source } from './times-faster.ts'

type CellRow = Omit<HeatFigures, 'p50Ms' | 'p90Ms' | 'p99Ms'> & { readonly percentiles: [number, number, number] }

/**
 * A table with only the required columns, vacuumed, with enough memory for sorting: better conditions than a user would
 * have.
 */
export async function heatMapOfPostgresql(database: BenchDatabase, csvPath: string): Promise<Source<HeatFigures[]>> {
  const { sql } = database
  await sql`create unlogged table visits (stage int2, hour int4, dwell_ms int8, breached bool)`
  await pipeline(
    createReadStream(csvPath, { highWaterMark: 1 << 20 }),
    await sql`copy visits from stdin (format csv)`.writable(),
  )
  await sql`vacuum (analyze) visits`
  await sql`set work_mem = '1GB'`
  const read = async () => {
    const rows = await sql<CellRow[]>`
      select stage, hour,
             avg(dwell_ms)::float8 as "meanMs",
             (percentile_disc(array[0.5, 0.9, 0.99]) within group (order by dwell_ms))::float8[] as percentiles,
             avg(breached::int)::float8 as "breachRatio"
      from visits group by stage, hour`
    return rows.map(({ percentiles: [p50Ms, p90Ms, p99Ms], ...cell }) => Object.assign(cell, { p50Ms, p90Ms, p99Ms }))
  }
  return { name: `PostgreSQL ${database.version}`, read, close: database.drop }
}
