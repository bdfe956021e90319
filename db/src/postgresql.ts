import { buffer } from 'node:stream/consumers'
import postgres from 'postgres'
import { PendingStatements } from './pending-statements.ts'
import { DatabaseUnavailableError } from './database-unavailable.ts'
import { randomPageCost } from './database.ts'
import { toUnavailableError } from './database-unavailable.ts'
import { csvFormat, csvSettings } from './dump/snapshot.ts'
import type { Snapshot } from './dump/snapshot.ts'
import { mayWrite } from './disk-space.ts'
import type { CopyQuery, Database, PipelineOptions, Transaction, Work } from './database.ts'
import { NoticeListener } from './notice-listener.ts'
import { postgresqlHosts } from './postgresql-hosts.ts'
import { PostgresqlPool } from './postgresql-pool.ts'
import type { PostgresqlSession } from './postgresql-session.ts'
import { TransactionPipeline } from './transaction-pipeline.ts'

/** How long a statement may take before its session is discarded. */
const deadlineMs = 8_000
/** The same for bulk work. */
const longRunningTimeoutMs = 60_000
/**
 * A transaction of a process that has stalled is ended after this time: until then, log readers cannot read past it,
 * and its locks block others. Shorter than their deadline.
 */
const idleInTransactionMs = 4_000

const settings = {
  statement_timeout: longRunningTimeoutMs,
  idle_in_transaction_session_timeout: idleInTransactionMs,
  random_page_cost: randomPageCost,
}

export interface PostgresqlOptions {
  readonly connections?: number
  /** Maximum duration of a statement. */
  readonly deadlineMs?: number
}

/**
 * PostgreSQL 15 or newer. It may become unavailable and return, also on another host: requests in the meantime are
 * refused with a DatabaseUnavailableError.
 * @param url May name several hosts, see `postgresqlHosts`.
 */
export function openPostgresql(url: string, options: PostgresqlOptions = {}): Database {
  const pool = new PostgresqlPool({ hosts: postgresqlHosts(url), size: options.connections ?? 8, settings })
  const space = new LastKnownSpace()
  const listener = new NoticeListener(() => pool.url)
  return {
    kind: 'postgresql',
    url,
    isFull: () => Promise.resolve(space.isFull),
    ...workOn(pool, space, options.deadlineMs ?? deadlineMs, false),
    longRunning: workOn(pool, space, longRunningTimeoutMs, true),
    copyOut: (queries) => pool.use((session) => copyOut(session, queries), longRunningTimeoutMs, true),
    async readSnapshot(read) {
      // Finds the host that accepts writes, if none is known yet.
      await pool.use((session) => session.query('select 1', [], deadlineMs), deadlineMs, true)
      return readSnapshot(pool.url, read)
    },
    listen: (channel, heard) => listener.listen(channel, heard),
    async close() {
      await Promise.all([pool.close(), listener.close()])
    },
  }
}

/** After reporting a full disk, a database is considered full for this long, unless something is stored before. */
const fullForMs = 30_000
/** What is stored sooner proves nothing: the pages of some tables still have room, on disks of their own as well. */
const leastFullMs = 1_000

/** Whether the database had space when it last reported on it; its free space cannot be queried. */
class LastKnownSpace {
  #fullAt = Number.NEGATIVE_INFINITY

  get isFull(): boolean {
    return performance.now() < this.#fullAt + fullForMs
  }

  /** Updates the state from the outcome of an operation that may have written. */
  async track<T>(carryOut: () => Promise<{ readonly result: T; readonly wrote: boolean }>): Promise<T> {
    try {
      const { result, wrote } = await carryOut()
      if (wrote && performance.now() > this.#fullAt + leastFullMs) this.#fullAt = Number.NEGATIVE_INFINITY
      return result
    } catch (error) {
      if (toUnavailableError(error)?.reason === 'full') this.#fullAt = performance.now()
      throw error
    }
  }
}

function workOn(pool: PostgresqlPool, space: LastKnownSpace, withinMs: number, longRunning: boolean): Work {
  const run = <T>(text: string, ask: (session: PostgresqlSession) => Promise<T>) =>
    space.track(async () => ({ result: await pool.use(ask, withinMs, longRunning), wrote: mayWrite(text) }))
  const transactions = new TransactionPipeline(pool, withinMs)
  return {
    query: <Row>(text: string, parameters: readonly unknown[] = []) =>
      run(text, (session) => session.query<Row>(text, parameters, withinMs)),
    values: (text, parameters = []) => run(text, (session) => session.values(text, parameters, withinMs)),
    transaction: <T>(work: (tx: Transaction) => Promise<T>, pipeline?: PipelineOptions) =>
      space.track(async (): Promise<{ result: T; wrote: boolean }> => {
        if (pipeline !== undefined) return { result: await transactions.transaction(work, pipeline.sent), wrote: true }
        return retryLost(() => pool.use((session) => transact(session, work, withinMs), withinMs, longRunning))
      }),
  }
}

async function copyOut(session: PostgresqlSession, queries: readonly CopyQuery[]): Promise<void> {
  const carryOut = (statement: string) => session.query(statement, [], deadlineMs)
  await carryOut('begin isolation level repeatable read read only')
  try {
    await carryOut('set local statement_timeout = 0')
    for (const { select, take } of queries) await session.copyOut(select, take, longRunningTimeoutMs)
    await carryOut('commit')
  } catch (error) {
    if (!session.hasEnded) await carryOut('rollback').catch(() => session.destroy())
    throw error
  }
}

/** On a connection of its own, because the sessions of the pool may neither run nor idle for long. */
async function readSnapshot<T>(url: string, read: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    const { result } = await sql.begin('isolation level repeatable read read only', async (tx) => {
      await tx.unsafe(`set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0`)
      await tx.unsafe(csvSettings)
      return {
        result: await read({
          query: async <Row>(text: string) => [...(await tx.unsafe(text))] as Row[],
          async copyCsv(select) {
            const rows = await tx.unsafe(`copy (${select}) to stdout (${csvFormat})`).readable()
            return buffer(rows)
          },
        }),
      }
    })
    return result
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function transact<T>(
  session: PostgresqlSession,
  work: (tx: Transaction) => Promise<T>,
  withinMs: number,
): Promise<{ result: T; wrote: boolean }> {
  const pending = new PendingStatements()
  let wrote = false
  const noting = <Answer>(text: string, answer: Promise<Answer>): Promise<Answer> => {
    wrote ||= mayWrite(text)
    return answer
  }
  const statements = session.within(withinMs)
  const tx = pending.on({
    query: (text, parameters) => noting(text, statements.query(text, parameters)),
    values: (text, parameters) => noting(text, statements.values(text, parameters)),
    copyIn: (target, pieces) => noting('copy', statements.copyIn(target, pieces)),
  })
  // Whatever the server's default is: what folds reads again what it has waited for, see `lockOrders`.
  await session.query('begin isolation level read committed', [], withinMs)
  try {
    const result = await work(tx)
    // After a statement that failed, a commit would roll back without a word.
    await pending.settled()
    await session.commit(withinMs)
    return { result, wrote }
  } catch (error) {
    if (!session.hasEnded) await session.query('rollback', [], withinMs).catch(() => session.destroy())
    throw error
  }
}

/** serialization_failure and deadlock_detected: the server has ended this transaction in favour of another one. */
const lostCodes: ReadonlySet<unknown> = new Set(['40001', '40P01'])
const maxAttempts = 5

/** Nothing of a transaction that lost was stored, and the one that it waited for has ended: it may run again at once. */
async function retryLost<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof postgres.PostgresError) || !lostCodes.has(error.code)) throw error
      if (attempt === maxAttempts) {
        throw new DatabaseUnavailableError('busy', 'others keep locking what is to be written', { cause: error })
      }
    }
  }
}
