import { PendingStatements } from './pending-statements.ts'
import type { Transaction } from './database.ts'
import type { PostgresqlPool } from './postgresql-pool.ts'
import type { PostgresqlSession } from './postgresql-session.ts'

interface HeldSession {
  readonly session: Promise<PostgresqlSession>
  readonly release: () => void
}

/**
 * Pipelines transactions over one session, so that the database starts the next one as soon as it has ended the
 * previous one. The session is held while any of them is in flight.
 *
 * Nothing waits for the answer to `begin`, and if it failed, the following statements would run without a transaction.
 * Therefore, while it is held, the session is set to permit writes only within transactions.
 */
export class TransactionPipeline {
  readonly #pool: PostgresqlPool
  readonly #deadlineMs: number
  #held: HeldSession | undefined
  #inFlight = 0
  /** Resolves when the last transaction is sent. */
  #sent: Promise<void> = Promise.resolve()

  constructor(pool: PostgresqlPool, deadlineMs: number) {
    this.#pool = pool
    this.#deadlineMs = deadlineMs
  }

  /**
   * All or nothing, after all earlier transactions.
   * @param work May return before its statements are answered.
   * @param sent Called when the next one may be started.
   * @throws The error of the first statement that failed.
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>, sent: () => void): Promise<T> {
    const held = (this.#held ??= this.#hold())
    this.#inFlight += 1
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
      this.#inFlight -= 1
      // Deferred, so that a caller that continues after this transaction can reuse the session.
      if (this.#inFlight === 0) setImmediate(() => this.#release(held))
    }
  }

  #release(held: HeldSession): void {
    if (this.#inFlight > 0 || this.#held !== held) return
    this.#held = undefined
    held.release()
  }

  #hold(): HeldSession {
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
      // After the session was handed out, its users get the error from their own statements.
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
  const pending = new PendingStatements()
  void pending.track(session.query('begin isolation level read committed read write', [], deadlineMs))
  let result
  try {
    result = await work(pending.on(session.within(deadlineMs)))
  } catch (error) {
    if (!session.hasEnded) await session.query('rollback', [], deadlineMs).catch(() => session.destroy())
    // If a statement has failed, its error is the cause of the failure of `work`.
    await pending.settled()
    throw error
  }
  void pending.track(session.commit(deadlineMs))
  sent()
  await pending.settled()
  return result
}
