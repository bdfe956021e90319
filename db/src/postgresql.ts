import postgres from 'postgres'
import type { ParameterOrJSON, Sql } from 'postgres'
import { arrayText } from './array-text.ts'
import { randomPageCost } from './database.ts'
import type { Database, Queryable } from './database.ts'

/** A statement or a transaction that takes longer is given up. */
const deadlineMs = 60_000

/** No answer before the deadline: whether it was carried out is unknown; the same ids may safely be sent again. */
class DatabaseDeadlineError extends Error {
  override readonly name = 'DatabaseDeadlineError'
}

/**
 * PostgreSQL 15 or newer. The driver's promises may never settle when the server is killed
 * (https://github.com/porsager/postgres/issues/1186), so everything runs against a deadline, and after one the whole
 * pool is replaced: cancelling the query leaves its connection lost.
 */
export function openPostgresql(url: string, options: { readonly connections?: number } = {}): Database {
  const open = (): Sql =>
    postgres(url, {
      max: options.connections ?? 8,
      connect_timeout: 10,
      onnotice: () => undefined,
      connection: {
        application_name: 'stagewatch',
        statement_timeout: deadlineMs,
        idle_in_transaction_session_timeout: deadlineMs,
        random_page_cost: randomPageCost,
      },
    })
  let pool = open()
  // Apart from the pool, whose end would end the listening as well; it connects when somebody listens.
  const notices = open()

  async function guarded<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const used = pool
    let timer: NodeJS.Timeout | undefined
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        if (pool === used) {
          pool = open()
          used.end({ timeout: 0 }).catch(() => undefined)
        }
        reject(new DatabaseDeadlineError(`no answer from the database within ${deadlineMs} ms`))
      }, deadlineMs)
    })
    try {
      return await Promise.race([work(used), deadline])
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    kind: 'postgresql',
    query: (text, parameters) => guarded((sql) => queryable(sql).query(text, parameters)),
    transaction: <T>(work: (tx: Queryable) => Promise<T>) =>
      retryLost(() =>
        guarded(async (sql) => {
          const box: { result?: T } = {}
          await sql.begin(async (tx) => {
            box.result = await work(queryable(tx))
          })
          return committed(box)
        }),
      ),
    async listen(channel, heard) {
      const listening = await notices.listen(channel, heard, heard)
      return () => listening.unlisten()
    },
    async close() {
      await Promise.all([pool.end({ timeout: 5 }), notices.end({ timeout: 5 })])
    },
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

/** The driver's types unwrap what a transaction returns; after `begin` resolved, the work has set its result. */
function committed<T>(box: { result?: T }): T {
  return box.result as T
}

function queryable(sql: Pick<Sql, 'unsafe'>): Queryable {
  return {
    async query<Row>(text: string, parameters: readonly unknown[] = []) {
      return rows<Row>(await sql.unsafe(text, driverParameters(parameters), { prepare: true }))
    },
  }
}

/**
 * Statements of this project pass text, numbers, booleans, null and arrays of them only. The driver is slow with
 * arrays and declares one of booleans as a boolean, so they travel as text.
 */
function driverParameters(parameters: readonly unknown[]): ParameterOrJSON<never>[] {
  return parameters.map((value) => (Array.isArray(value) ? arrayText(value) : value)) as ParameterOrJSON<never>[]
}

/** The shape of a row is what the statement selects; the caller names it beside the statement. */
function rows<Row>(result: ArrayLike<unknown>): Row[] {
  return Array.from(result) as Row[]
}
