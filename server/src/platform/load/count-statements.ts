import type { Database } from '@stagewatch/db/database.ts'
import type { LoadMonitor } from './load-monitor.ts'

/** Counts the statements and transactions that wait for the database. Bulk work is expected to wait and is left out. */
export function countStatements(database: Database, load: LoadMonitor): Database {
  return {
    ...database,
    query: <Row>(text: string, parameters?: readonly unknown[]) =>
      load.whileWaiting(database.query<Row>(text, parameters)),
    values: (text, parameters) => load.whileWaiting(database.values(text, parameters)),
    transaction: (work, pipeline) => load.whileWaiting(database.transaction(work, pipeline)),
  }
}
