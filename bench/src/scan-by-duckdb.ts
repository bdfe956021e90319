import { DuckDBInstance, version } from '@duckdb/node-api'
import type { VisitRow } from '@stagewatch/server/engine/visit-columns.ts'
import type { StageFigures } from './stage-figures.ts'
import type { Source } from './times-faster.ts'

/** The columns of a visit that the query needs, in the order of the table below. */
export function duckdbRow({ stage, order, department, enteredAt, leftAt, rework, breach }: VisitRow): string {
  return `${stage},${order},${department},${leftAt},${leftAt - enteredAt},${rework},${breach !== undefined}`
}

/** In memory, with as many threads as the machine offers. `condition` is the filter in SQL. */
export async function scanByDuckdb(csvPath: string, condition: string): Promise<Source<Map<number, StageFigures>>> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`create table visits (stage smallint, order_id integer, department smallint, left_at bigint,
    dwell_ms bigint, rework boolean, breached boolean)`)
  await connection.run(`copy visits from '${csvPath}' (format csv, header false)`)
  const read = async () => {
    const result = await connection.runAndReadAll(`
      select * exclude (ranked), ranked[1], ranked[2], ranked[3] from (
        select stage, count(*), count(distinct order_id), count_if(rework), count_if(breached), sum(dwell_ms)::double,
               min(dwell_ms), max(dwell_ms), quantile_disc(dwell_ms, [0.5, 0.9, 0.99]) as ranked
        from visits where ${condition} group by stage)`)
    return new Map(result.getRowsJS().map((row) => stageFigures(row.map(Number))))
  }
  const close = async () => {
    connection.closeSync()
    instance.closeSync()
  }
  return { name: `DuckDB ${version()}`, read, close }
}

function stageFigures(row: readonly number[]): [number, StageFigures] {
  const [stage = 0, visits = 0, orders = 0, rework = 0, breaches = 0, sumMs = 0, minMs = 0, maxMs = 0] = row
  const [p50Ms = 0, p90Ms = 0, p99Ms = 0] = row.slice(8)
  return [stage, { visits, orders, rework, breaches, sumMs, minMs, maxMs, p50Ms, p90Ms, p99Ms }]
}
