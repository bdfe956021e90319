import postgres from 'postgres'

const url = process.env['DATABASE_URL'] ?? 'postgres://root@127.0.0.1:5432/test'

export interface BenchDatabase {
  readonly url: string
  readonly sql: postgres.Sql
  /** Only this run uses it; it goes with `drop`. */
  readonly schema: string
  readonly version: string
  readonly drop: () => Promise<void>
}

/** A schema of its own on the PostgreSQL of `DATABASE_URL`; why there is none, when there is none. */
export async function openBenchDatabase(): Promise<BenchDatabase | { readonly skipped: string }> {
  const schema = `stagewatch_bench_${process.pid}`
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {}, connection: { search_path: schema } })
  try {
    await sql`create schema ${sql(schema)}`
    const [row] = await sql<{ version: string }[]>`select current_setting('server_version') as version`
    const drop = async () => {
      await sql`drop schema ${sql(schema)} cascade`
      await sql.end()
    }
    return { url, sql, schema, version: row?.version.split(' ')[0] ?? 'unknown', drop }
  } catch (error) {
    await sql.end({ timeout: 1 })
    return { skipped: `because no PostgreSQL answers at ${new URL(url).host}: ${String(error)}` }
  }
}
