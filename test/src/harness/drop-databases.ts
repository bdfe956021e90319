import { beginTestRun } from '@stagewatch/db/test-run.ts'

/**
 * Drops the databases of a run on a PostgreSQL server at its end.
 * @public named in the configuration of vitest
 */
export default function dropDatabases(): (() => Promise<void>) | undefined {
  const server = process.env['TEST_DATABASE_URL']
  return server === undefined ? undefined : beginTestRun(server)
}
