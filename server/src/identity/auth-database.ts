import { AsyncLocalStorage } from 'node:async_hooks'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import type { Drizzle } from '@stagewatch/db/drizzle-on.ts'
import { twoFactors, userAccounts, users, userSessions, userVerifications } from '@stagewatch/db/people-schema.ts'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'

/** `tx` is undefined after the transaction has ended: work that nobody waits for may outlive it. */
const transactions = new AsyncLocalStorage<{ tx: Queryable | undefined }>()

/** The current transaction, or else the database. Using the embedded database inside a transaction would deadlock. */
export function currentQueryable(database: Queryable): Queryable {
  return transactions.getStore()?.tx ?? database
}

/**
 * Everything that better-auth writes while `work` runs, and that `work` itself writes with `tx`, is stored atomically.
 */
export async function inAuthTransaction<T>(database: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const open = transactions.getStore()?.tx
  if (open !== undefined) return work(open)
  return database.transaction(async (tx) => {
    const current: { tx: Queryable | undefined } = { tx }
    try {
      return await transactions.run(current, () => work(tx))
    } finally {
      current.tx = undefined
    }
  })
}

/** The storage adapter of better-auth, with its names for the tables. Its transactions are those of our database. */
export function authDatabase(database: Database) {
  const current: Queryable = {
    query: (text, parameters) => currentQueryable(database).query(text, parameters),
    values: (text, parameters) => currentQueryable(database).values(text, parameters),
  }
  const transaction = <T>(work: (tx: Drizzle) => Promise<T>): Promise<T> =>
    inAuthTransaction(database, (tx) => work(drizzleOn(tx)))
  return drizzleAdapter(Object.assign(drizzleOn(current), { transaction }), {
    provider: 'pg',
    schema: {
      user: users,
      session: userSessions,
      account: userAccounts,
      verification: userVerifications,
      twoFactor: twoFactors,
    },
    transaction: true,
  })
}
