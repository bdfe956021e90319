import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { sealRows } from '@stagewatch/server/audit/seal-rows.ts'
import { verifySeals } from '@stagewatch/server/audit/verify-seals.ts'
import type { SealProblem } from '@stagewatch/shared/contract/audit.ts'
import { expect } from 'vitest'
import { eventually } from '../harness/eventually.ts'

/** Seals everything. On PostgreSQL, transactions of other tests may hold rows back for a moment. */
export async function sealAll(database: Database): Promise<void> {
  await eventually(async () => {
    await sealRows(database)
    const [row] = await database.query<{ unsealed: number }>(
      `select (select count(*) from events)::int + (select count(*) from changes)::int
         - (select coalesce(sum(row_count), 0) from audit_seals)::int as unsealed`,
    )
    expect(row?.unsealed).toBe(0)
  })
}

/** What verifying the record finds. */
export async function verified(
  db: Queryable,
): Promise<{ readonly problems: readonly SealProblem[]; readonly rows: number }> {
  const running = verifySeals(db)
  for (;;) {
    const { done, value } = await running.next()
    if (done === true) return { problems: value.problems, rows: value.streams.reduce((sum, { rows }) => sum + rows, 0) }
  }
}

class Undone extends Error {}

/** Runs `work` in a transaction that is rolled back. */
export async function undone<T>({ longRunning }: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const result: T[] = []
  await longRunning
    .transaction(async (tx) => {
      result.push(await work(tx))
      throw new Undone()
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error
    })
  const [value] = result
  if (value === undefined) throw new Error('the transaction had no result')
  return value
}
