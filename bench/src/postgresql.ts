import postgres from 'postgres'

/** The server on which the bench creates and drops its schemas. */
export const benchServerUrl = process.env['DATABASE_URL'] ?? 'postgres://root@127.0.0.1:5432/test'

export interface BenchDatabase {
  readonly sql: postgres.Sql
  readonly version: string
  /** Drops everything and disconnects. */
  readonly drop: () => Promise<void>
}

export interface NoDatabase {
  /** Why there is no database. */
  readonly skipped: string
}

/** A separate schema, which is the search path. */
export async function openBenchDatabase(): Promise<BenchDatabase | NoDatabase> {
  const schema = `stagewatch_bench_${process.pid}`
  const sql = postgres(benchServerUrl, {
    max: 1,
    connect_timeout: 5,
    onnotice: () => {},
    connection: { search_path: schema },
  })
  try {
    await sql`create schema ${sql(schema)}`
    const [row] = await sql<{ version: string }[]>`select current_setting('server_version') as version`
    const drop = async () => {
      await sql`drop schema ${sql(schema)} cascade`
      await sql.end()
    }
    return { sql, version: row?.version.split(' ')[0] ?? 'unknown', drop }
  } catch (error) {
    await sql.end({ timeout: 1 })
    return noDatabase(error)
  }
}

export function noDatabase(error: unknown): NoDatabase {
  return { skipped: `because no PostgreSQL can be used at ${new URL(benchServerUrl).host}: ${String(error)}` }
}
