import type { Database, Work } from '@stagewatch/db/database.ts'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'

export interface CuttableDatabase extends Database {
  /** From now on, reads and writes fail. */
  cut(): void
  mend(): void
}

/** A database on another machine from the perspective of a server; tests can cut and restore the connection to it. */
export function cuttable(database: Database): CuttableDatabase {
  let isCut = false
  const overLine = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isCut) throw new DatabaseUnavailableError('away', 'the connection to the database is lost')
    return work()
  }
  const workOn = (work: Work): Work => ({
    query: (text, parameters) => overLine(() => work.query(text, parameters)),
    values: (text, parameters) => overLine(() => work.values(text, parameters)),
    transaction: (carryOut) => overLine(() => work.transaction(carryOut)),
  })
  return {
    kind: 'postgresql',
    ...workOn(database),
    longRunning: workOn(database.longRunning),
    copyOut: (queries) => overLine(() => database.copyOut(queries)),
    readSnapshot: (read) => overLine(() => database.readSnapshot(read)),
    listen: (channel, heard) => database.listen(channel, heard),
    close: () => database.close(),
    cut: () => void (isCut = true),
    mend: () => void (isCut = false),
  }
}
