import { beginTestRun } from '@stagewatch/db/test-run.ts'

/**
 * The databases of a run on a PostgreSQL server are dropped with it.
 * @public named in the configuration of vitest
 */
export default function dropDatabases(): (() => Promise<void>) | undefined {
  const server = process.env['TEST_DATABASE_URL']
  return server === undefined ? undefined : beginTestRun(server)
}
