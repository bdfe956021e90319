import type { Database } from '@stagewatch/db/database.ts'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import type { FreshPlace } from '../ingest/ingest-places.ts'

/** All rows of a table in the binary format of COPY. */
interface CopiedTable {
  /** Table and columns. */
  readonly target: string
  readonly rows: Uint8Array<ArrayBuffer>
}

const headerBytes = 19
const trailerBytes = 2
/** Without columns that the database generates. */
const selectColumns = `
  select string_agg(column_name, ', ' order by ordinal_position) as list from information_schema.columns
  where table_schema = 'public' and table_name = $1 and column_name not in ('position', 'tx', 'recorded_at')`

/** The rows of events, orders and visits as stored in the tables. */
export async function copyTables(database: Database): Promise<CopiedTable[]> {
  const copied: CopiedTable[] = []
  for (const name of ['events', 'orders', 'visits']) {
    const [columns] = await database.query<{ list: string }>(selectColumns, [name])
    const list = columns?.list ?? ''
    const pieces: Uint8Array[] = []
    const take = (bytes: Uint8Array): void => void pieces.push(Uint8Array.from(bytes))
    await database.copyOut([{ select: `select ${list} from ${name}`, take }])
    const rows = Uint8Array.from(Buffer.concat(pieces).subarray(headerBytes, -trailerBytes))
    copied.push({ target: `${name} (${list})`, rows })
  }
  return copied
}

/**
 * The lower bound: exactly these rows, by COPY into the tables with their keys, in one transaction. Returns the time in
 * ms.
 */
export async function addTables({ place, remove }: FreshPlace, tables: readonly CopiedTable[]): Promise<number> {
  try {
    const { database } = await openDatabase(place)
    try {
      const startedAt = performance.now()
      await database.longRunning.transaction(async (tx) => {
        for (const { target, rows } of tables) await tx.copyIn(target, [rows])
      })
      return performance.now() - startedAt
    } finally {
      await database.close()
    }
  } finally {
    await remove()
  }
}
