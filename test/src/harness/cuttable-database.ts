import type { Database, Work } from '@stagewatch/db/database.ts'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'

export interface CuttableDatabase extends Database {
  /** From now on nothing can be read or written. */
  cut(): void
  mend(): void
}

/** A database on another machine, as a server sees it, with a connection to it that a test cuts and restores. */
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
    listen: (channel, heard) => database.listen(channel, heard),
    close: () => database.close(),
    cut: () => void (isCut = true),
    mend: () => void (isCut = false),
  }
}
