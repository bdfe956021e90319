import { DrizzleQueryError, NoopLogger } from 'drizzle-orm'
import { NoopCache } from 'drizzle-orm/cache/core'
import { PgDatabase, PgDialect, PgSession } from 'drizzle-orm/pg-core'
import type { PgQueryResultHKT, PreparedQueryConfig } from 'drizzle-orm/pg-core'
import { PreparedQuery } from 'drizzle-orm/pg-proxy'
import type { Queryable } from './database.ts'

/** Result of a statement without typed rows. */
type StatementResult<Row> = Row[] & {
  /** Number of rows that it returned or wrote. */
  readonly rowCount: number
}

interface StatementResultHKT extends PgQueryResultHKT {
  readonly type: StatementResult<this['row']>
}

/** Typed statements. Transactions are started with `Work.transaction`, which retries those that have lost. */
export type Drizzle = Pick<
  PgDatabase<StatementResultHKT>,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'execute' | '$with' | 'with'
>

const dialect = new PgDialect()

/**
 * Typed statements on either engine, inside or outside of a transaction: they are executed by the given queryable, with
 * its timeouts, retries and errors. The rows of `execute` are those of `Queryable.query`, so instants and 64-bit
 * integers must be cast.
 */
export function drizzleOn(queryable: Queryable): Drizzle {
  return new PgDatabase<StatementResultHKT>(dialect, new QueryableSession(queryable), undefined)
}

type Prepare = PgSession<StatementResultHKT>['prepareQuery']

class QueryableSession extends PgSession<StatementResultHKT> {
  readonly #queryable: Queryable

  constructor(queryable: Queryable) {
    super(dialect)
    this.#queryable = queryable
  }

  override prepareQuery<T extends PreparedQueryConfig>(
    ...[query, fields, , isArrayMode, mapRows, metadata]: Parameters<Prepare>
  ): PreparedQuery<T> {
    const { sql, params } = query
    const run = fields === undefined && mapRows === undefined && metadata === undefined ? this.#rows : this.#values
    const prepared = new PreparedQuery<T>(
      run,
      sql,
      params,
      undefined,
      new NoopLogger(),
      new NoopCache(),
      metadata,
      undefined,
      fields,
      isArrayMode,
      mapRows,
    )
    const execute = prepared.execute.bind(prepared)
    prepared.execute = async (values) => {
      try {
        return await execute(values)
      } catch (error) {
        // Drizzle's wrapper exposes the parameters, and callers distinguish errors by their class and code.
        throw error instanceof DrizzleQueryError ? error.cause : error
      }
    }
    return prepared
  }

  readonly #rows = async (text: string, parameters: readonly unknown[]) => {
    const rows = await this.#queryable.query<unknown>(text, parameters)
    return { rows: Object.assign(rows, { rowCount: rows.length }) }
  }

  readonly #values = async (text: string, parameters: readonly unknown[]) => {
    const { rows, rowCount } = await this.#queryable.values(text, parameters)
    return { rows: Object.assign(rows, { rowCount }) }
  }

  override transaction(): never {
    throw new Error('transactions are begun with Work.transaction')
  }
}
