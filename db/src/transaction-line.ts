import { AskedStatements } from './asked-statements.ts'
import type { Transaction } from './database.ts'
import type { PostgresqlPool } from './postgresql-pool.ts'
import type { PostgresqlSession } from './postgresql-session.ts'

interface Held {
  readonly session: Promise<PostgresqlSession>
  readonly release: () => void
}

/**
 * Transactions that are sent one behind the other over the same session, so that the database goes on with the next one
 * when it has ended the one before. The session is held while any of them is on the way.
 *
 * Nothing waits for the answer to `begin`: if it failed, what follows would be carried out without a transaction. So
 * the session writes within transactions only, for as long as it is held.
 */
export class TransactionLine {
  readonly #pool: PostgresqlPool
  readonly #deadlineMs: number
  #held: Held | undefined
  #onTheWay = 0
  /** Resolves when the last one that was handed in is sent. */
  #sent: Promise<void> = Promise.resolve()

  constructor(pool: PostgresqlPool, deadlineMs: number) {
    this.#pool = pool
    this.#deadlineMs = deadlineMs
  }

  /**
   * All or nothing, after those that were handed in before.
   * @param work may return before its statements are answered.
   * @param sent is called when the next one may be handed in.
   * @throws what the first statement that failed has thrown.
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>, sent: () => void): Promise<T> {
    const held = (this.#held ??= this.#hold())
    this.#onTheWay += 1
    const before = this.#sent
    const isSent = Promise.withResolvers<void>()
    this.#sent = isSent.promise
    try {
      await before
      return await send(await held.session, work, this.#deadlineMs, () => {
        isSent.resolve()
        sent()
      })
    } finally {
      isSent.resolve()
      this.#onTheWay -= 1
      // Whoever takes this one for still under way goes on with the same session.
      if (this.#onTheWay === 0) setImmediate(() => this.#release(held))
    }
  }

  #release(held: Held): void {
    if (this.#onTheWay > 0 || this.#held !== held) return
    this.#held = undefined
    held.release()
  }

  #hold(): Held {
    const session = Promise.withResolvers<PostgresqlSession>()
    const released = Promise.withResolvers<void>()
    this.#pool
      .use(
        async (taken) => {
          const isSet = taken.query('set default_transaction_read_only = on', [], this.#deadlineMs)
          isSet.catch(() => taken.destroy())
          session.resolve(taken)
          await Promise.all([released.promise, isSet])
          await taken.query('reset default_transaction_read_only', [], this.#deadlineMs)
        },
        this.#deadlineMs,
        false,
      )
      // Once the session was handed out, those who use it are told by their own statements.
      .catch(session.reject)
    return { session: session.promise, release: released.resolve }
  }
}

async function send<T>(
  session: PostgresqlSession,
  work: (tx: Transaction) => Promise<T>,
  deadlineMs: number,
  sent: () => void,
): Promise<T> {
  const asked = new AskedStatements()
  void asked.expect(session.query('begin isolation level read committed read write', [], deadlineMs))
  let result
  try {
    result = await work(asked.on(session.within(deadlineMs)))
  } catch (error) {
    if (!session.hasEnded) await session.query('rollback', [], deadlineMs).catch(() => session.destroy())
    // Where a statement has failed, that is why `work` has.
    await asked.answered()
    throw error
  }
  void asked.expect(session.commit(deadlineMs))
  sent()
  await asked.answered()
  return result
}
