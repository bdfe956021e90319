import { randomBytes } from 'node:crypto'
import postgres from 'postgres'

const runVariable = 'STAGEWATCH_TEST_RUN'

/** Prefix of database names: in a test run they are dropped with it, see `beginTestRun`. */
export function testDatabasePrefix(): string {
  const run = process.env[runVariable]
  return run === undefined ? 'stagewatch_test_' : `stagewatch_test_${run}_`
}

/**
 * Sets the prefix of the run's database names. It must be called before the workers of a run start.
 * @returns A function that drops the remaining databases when the run has ended.
 */
export function beginTestRun(server: string): () => Promise<void> {
  process.env[runVariable] ??= randomBytes(4).toString('hex')
  const prefix = testDatabasePrefix()
  return async () => {
    const left = await runOn(server, `select datname from pg_database where starts_with(datname, '${prefix}')`)
    for (const { datname } of left as { datname: string }[])
      await runOn(server, `drop database if exists ${datname} with (force)`)
  }
}

/** Runs one statement on the server, with a connection of its own. */
export async function runOn(server: string, statement: string): Promise<readonly unknown[]> {
  const sql = postgres(server, { max: 1, onnotice: () => undefined })
  try {
    return await sql.unsafe(statement)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
