import type { Database, Queryable, Transaction } from '@stagewatch/db/database.ts'

/** Counts the rows that statements read of all tables, whether they use them or not. */
export class RowsRead {
  count = 0
  readonly database: Database

  constructor(database: Database) {
    const counted = <T>(run: (tx: Transaction) => Promise<T>): Promise<T> =>
      database.transaction(async (tx) => {
        const before = await rowsRead(tx)
        const result = await run(tx)
        this.count += (await rowsRead(tx)) - before
        return result
      })
    this.database = {
      ...database,
      query: (...statement) => counted((tx) => tx.query(...statement)),
      values: (...statement) => counted((tx) => tx.values(...statement)),
      transaction: (run) => counted(run),
    }
  }

  /** Rows that the work reads. */
  async of(work: () => Promise<unknown>): Promise<number> {
    const before = this.count
    await work()
    return this.count - before
  }
}

/** Includes statements of earlier transactions that the session has not yet added to its statistics. */
async function rowsRead(tx: Queryable): Promise<number> {
  const [row] = await tx.query<{ rows: number }>(
    `select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::float8 as rows from pg_stat_xact_user_tables`,
  )
  return row?.rows ?? 0
}
