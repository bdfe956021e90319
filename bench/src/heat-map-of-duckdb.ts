import { DuckDBInstance, version } from '@duckdb/node-api'
import type { HeatFigures } from './heat-figures.ts'
import type { Source } from './times-faster.ts'

/** In memory, with as many threads as the machine offers. */
export async function heatMapOfDuckdb(csvPath: string): Promise<Source<HeatFigures[]>> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run('create table visits (stage smallint, hour integer, dwell_ms bigint, breached boolean)')
  await connection.run(`copy visits from '${csvPath}' (format csv, header false)`)
  const read = async () => {
    const result = await connection.runAndReadAll(`
      select stage, hour, mean_ms, breach_ratio, ranked[1], ranked[2], ranked[3] from (
        select stage, hour, avg(dwell_ms) as mean_ms, avg(breached::integer) as breach_ratio,
               quantile_disc(dwell_ms, [0.5, 0.9, 0.99]) as ranked
        from visits group by stage, hour)`)
    return result.getRowsJS().map((row) => {
      const [stage = 0, hour = 0, meanMs = 0, breachRatio = 0, p50Ms = 0, p90Ms = 0, p99Ms = 0] = row.map(Number)
      return { stage, hour, meanMs, breachRatio, p50Ms, p90Ms, p99Ms }
    })
  }
  const close = async () => {
    connection.closeSync()
    instance.closeSync()
  }
  return { name: `DuckDB ${version()}`, read, close }
}
