import { sql } from 'drizzle-orm'
import type { SQL, SQLWrapper } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'

/** An instant as epoch ms, for statements whose rows are not read by columns. */
export function epochMsOf(instant: SQLWrapper): SQL {
  return sql`(extract(epoch from ${instant}) * 1000)::float8`
}

/**
 * Whether the column equals one of the values, passed as one array: `inArray` creates a parameter for each value, so
 * that every length is a different statement, which the session prepares and keeps.
 */
export function anyOf<Column extends PgColumn>(column: Column, values: readonly Column['_']['data'][]): SQL {
  return sql`${column} = any(${sql.param(values)}::${sql.raw(column.getSQLType())}[])`
}

/** The clock of the database, which all server instances share; it advances within a transaction. */
export const databaseNow = sql`clock_timestamp()`

/** The instant in this number of ms, by that clock. */
export function inMs(ms: number | SQL): SQL {
  return sql`${databaseNow} + ${ms}::float8 * interval '1 ms'`
}

/**
 * Whether the end of a lease is further away than the whole lease takes: the clock of the database was set back since,
 * and the instance that holds it may have died long ago. A difference of less than a second is not a step of the clock.
 */
export function isBeyondLease(endsAt: SQLWrapper, leaseMs: number | SQL): SQL {
  return sql`${endsAt} > ${inMs(leaseMs)} + interval '1 second'`
}
