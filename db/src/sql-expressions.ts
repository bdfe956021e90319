import { sql } from 'drizzle-orm'
import type { SQL, SQLWrapper } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'

/** An instant as epoch ms, in statements whose rows are not read by columns. */
export function epochMsOf(instant: SQLWrapper): SQL {
  return sql`(extract(epoch from ${instant}) * 1000)::float8`
}

/**
 * Whether the column is one of the values, which travel as one array: `inArray` makes a parameter of each, so that every
 * length is a statement of its own, which the session prepares and keeps.
 */
export function anyOf<Column extends PgColumn>(column: Column, values: readonly Column['_']['data'][]): SQL {
  return sql`${column} = any(${sql.param(values)}::${sql.raw(column.getSQLType())}[])`
}

/** The clock of the database, which all server instances share; within a transaction it goes on. */
export const databaseNow = sql`clock_timestamp()`

/** The instant in so many ms by that clock. */
export function inMs(ms: number): SQL {
  return sql`${databaseNow} + ${ms}::float8 * interval '1 ms'`
}
