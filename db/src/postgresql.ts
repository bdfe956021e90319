import postgres from 'postgres'
import { randomPageCost } from './database.ts'
import type { CopyQuery, Database, Queryable, Work } from './database.ts'
import { NoticeListener } from './notice-listener.ts'
import { postgresqlHosts } from './postgresql-hosts.ts'
import { PostgresqlPool } from './postgresql-pool.ts'
import type { PostgresqlSession } from './postgresql-session.ts'

/** How long a statement may take before its session is given up. */
const deadlineMs = 8_000
/** The same for work that reads or writes very much at once. */
const patientDeadlineMs = 60_000
/**
 * A transaction whose process has stopped in the middle ends after this: until then nobody reads past it in the log,
 * and its locks keep others waiting. Shorter than their deadline.
 */
const idleInTransactionMs = 4_000

const settings = {
  statement_timeout: patientDeadlineMs,
  idle_in_transaction_session_timeout: idleInTransactionMs,
  random_page_cost: randomPageCost,
}

export interface PostgresqlOptions {
  readonly connections?: number
  /** How long a statement may take. */
  readonly deadlineMs?: number
}

/**
 * PostgreSQL 15 or newer. It may go away and come back, on another host as well: what is asked meanwhile is refused
 * with a DatabaseUnavailableError.
 * @param url may name several hosts, see `postgresqlHosts`.
 */
export function openPostgresql(url: string, options: PostgresqlOptions = {}): Database {
  const pool = new PostgresqlPool({ hosts: postgresqlHosts(url), size: options.connections ?? 8, settings })
  const listener = new NoticeListener(() => pool.url)
  return {
    kind: 'postgresql',
    ...workOn(pool, options.deadlineMs ?? deadlineMs, false),
    patient: workOn(pool, patientDeadlineMs, true),
    copyOut: (queries) => pool.use((session) => copyOut(session, queries), patientDeadlineMs, true),
    listen: (channel, heard) => listener.listen(channel, heard),
    async close() {
      await Promise.all([pool.close(), listener.close()])
    },
  }
}

function workOn(pool: PostgresqlPool, withinMs: number, patient: boolean): Work {
  return {
    query: <Row>(text: string, parameters: readonly unknown[] = []) =>
      pool.use((session) => session.query<Row>(text, parameters, withinMs), withinMs, patient),
    transaction: <T>(work: (tx: Queryable) => Promise<T>) =>
      retryLost(() => pool.use((session) => transact(session, work, withinMs), withinMs, patient)),
  }
}

async function copyOut(session: PostgresqlSession, queries: readonly CopyQuery[]): Promise<void> {
  const carryOut = (statement: string) => session.query(statement, [], deadlineMs)
  await carryOut('begin isolation level repeatable read read only')
  try {
    await carryOut('set local statement_timeout = 0')
    for (const { select, take } of queries) await session.copyOut(select, take, patientDeadlineMs)
    await carryOut('commit')
  } catch (error) {
    if (!session.hasEnded) await carryOut('rollback').catch(() => session.destroy())
    throw error
  }
}

async function transact<T>(
  session: PostgresqlSession,
  work: (tx: Queryable) => Promise<T>,
  withinMs: number,
): Promise<T> {
  const failed: unknown[] = []
  const tx: Queryable = {
    async query<Row>(text: string, parameters: readonly unknown[] = []) {
      try {
        return await session.query<Row>(text, parameters, withinMs)
      } catch (error) {
        failed.push(error)
        throw error
      }
    },
  }
  await session.query('begin', [], withinMs)
  try {
    const result = await work(tx)
    // After a statement that failed, a commit would roll back without a word.
    if (failed.length > 0) throw failed[0]
    await session.query('commit', [], withinMs)
    return result
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
      if (attempt === maxAttempts || !(error instanceof postgres.PostgresError) || !lostCodes.has(error.code))
        throw error
    }
  }
}
