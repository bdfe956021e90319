import { AsyncLocalStorage } from 'node:async_hooks'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import type { Drizzle } from '@stagewatch/db/drizzle-on.ts'
import { twoFactors, userAccounts, users, userSessions, userVerifications } from '@stagewatch/db/people-schema.ts'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'

/** `tx` is undefined when the transaction has ended: something that nobody waits for may outlive it. */
const transactions = new AsyncLocalStorage<{ tx: Queryable | undefined }>()

/** The transaction that is open here, else the database: the embedded one would wait for itself. */
export function currentQueryable(database: Queryable): Queryable {
  return transactions.getStore()?.tx ?? database
}

/** What better-auth writes while `work` runs, and what `work` itself writes with `tx`, is stored together or not at all. */
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

/** Where better-auth keeps what it knows, by its names for the tables. Its transactions are those of our database. */
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
