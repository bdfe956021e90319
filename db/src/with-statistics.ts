import type { Database, Work } from './database.ts'

/** Analyzed one by one, so that the embedded database can process other statements in between. */
const tables = ['orders', 'visits', 'events'] as const
const firstAfter = 16

/**
 * Gathers statistics after 16 transactions and whenever their number has quadrupled, including those of large imports;
 * a server that has run for long also gathers them when a large import ends, see `endImport`.
 * Without statistics the planner assumes that one site has a two-hundredth of the rows, and reads whole tables to find
 * a few hundred keys: slower with every row. The embedded database never gathers them by itself, and PostgreSQL only a
 * minute later.
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
        await gatherStatistics(database)
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

/** The data is committed, whether or not this succeeds. */
export async function gatherStatistics({ longRunning }: Pick<Database, 'longRunning'>): Promise<void> {
  for (const table of tables) await longRunning.query(`analyze ${table}`).catch(() => undefined)
}
