import type { Database } from './database.ts'

const analyze = 'analyze events, orders, visits'
const firstAfter = 16

/**
 * Gathers statistics after 16 transactions and whenever there have been four times as many. Without them the planner
 * takes one site for a two-hundredth of the rows and reads whole tables to find a few hundred keys: slower with every
 * row. The embedded database never gathers them by itself, PostgreSQL does a minute after it was needed.
 */
export function withStatistics(database: Database): Database {
  let transactionCount = 0
  let nextAt = firstAfter
  return {
    ...database,
    async transaction(work) {
      const result = await database.transaction(work)
      transactionCount += 1
      if (transactionCount === nextAt) {
        nextAt *= 4
        // What was written is written, whether or not this succeeds.
        await database.query(analyze).catch(() => undefined)
      }
      return result
    },
  }
}
