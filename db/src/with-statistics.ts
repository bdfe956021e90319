import type { Database, Work } from './database.ts'

/** One after the other, so that the embedded database lets others have their turn between them. */
const tables = ['orders', 'visits', 'events'] as const
const firstAfter = 16

/**
 * Gathers statistics after 16 transactions and whenever there have been four times as many, those of large imports
 * included. Without them the planner takes one site for a two-hundredth of the rows and reads whole tables to find a few
 * hundred keys: slower with every row. The embedded database never gathers them by itself, PostgreSQL does a minute
 * after it was needed.
 */
export function withStatistics(database: Database): Database {
  let transactionCount = 0
  let nextAt = firstAfter
  const counted = (work: Work): Work['transaction'] =>
    async function transaction(carryOut, ahead) {
      const result = await work.transaction(carryOut, ahead)
      transactionCount += 1
      if (transactionCount === nextAt) {
        nextAt *= 4
        // What was written is written, whether or not this succeeds.
        for (const table of tables) await database.longRunning.query(`analyze ${table}`).catch(() => undefined)
      }
      return result
    }
  return {
    ...database,
    transaction: counted(database),
    longRunning: {
      ...database.longRunning,
      transaction: counted(database.longRunning),
    },
  }
}
