import { DrizzleQueryError, NoopLogger } from 'drizzle-orm'
import { NoopCache } from 'drizzle-orm/cache/core'
import { PgDatabase, PgDialect, PgSession } from 'drizzle-orm/pg-core'
import type { PgQueryResultHKT, PreparedQueryConfig } from 'drizzle-orm/pg-core'
import { PreparedQuery } from 'drizzle-orm/pg-proxy'
import type { Queryable } from './database.ts'

/** What a statement gives that returns no typed rows. */
type StatementResult<Row> = Row[] & {
  /** How many rows it has returned, or written. */
  readonly rowCount: number
}

interface StatementResultHKT extends PgQueryResultHKT {
  readonly type: StatementResult<this['row']>
}

/** Typed statements. Transactions are begun with `Work.transaction`, which repeats those that have lost. */
export type Drizzle = Pick<
  PgDatabase<StatementResultHKT>,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'execute' | '$with' | 'with'
>

const dialect = new PgDialect()

/**
 * Typed statements on either engine, inside a transaction or outside: they are carried out by the queryable that is
 * handed in, with its timeouts, retries and errors. The rows of `execute` are those of `Queryable.query`, so that it
 * casts instants and 64-bit integers.
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
        // It is wrapped in one that shows the parameters, and callers tell errors apart by their class and code.
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
