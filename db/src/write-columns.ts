import { getTableColumns, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { toInstant } from './database.ts'

type ColumnsOf<Table extends PgTable> = Table['_']['columns']

/** The type stored in a column; undefined is stored as null. */
type Stored<Column extends PgColumn> = Column['_']['notNull'] extends true
  ? Column['_']['data']
  : Column['_']['data'] | null | undefined

/** For each column, by its name in the table, how its value is derived from a row. */
export type ColumnSources<Table extends PgTable, Row> = {
  readonly [Name in keyof ColumnsOf<Table>]?: ColumnsOf<Table>[Name] extends infer Column extends PgColumn
    ? (row: Row) => Stored<Column>
    : never
}

/** A value that a statement compares and does not store. */
export interface ComparedValues<Row> {
  readonly name: string
  readonly type: 'integer'
  readonly of: (row: Row) => number
}

interface WriteColumnsOptions<Table extends PgTable, Row> {
  readonly table: Table
  readonly sources: ColumnSources<Table, Row>
  readonly compared?: readonly ComparedValues<Row>[]
  /** Number of the first array among the parameters of the statement. */
  readonly firstParameter: number
}

/** The parts of a statement that writes many rows, all derived from one list. */
export interface WriteColumns<Row> {
  /** Names of the columns to insert into. */
  readonly names: string
  /** The inserted expressions, in the same order, from `t`. */
  readonly values: string
  /** `a = t.a, …` for the columns that are not among `keys`. */
  assignments(keys: readonly string[]): string
  /** The rows as a table `t`, whose columns have the names of the written ones. */
  readonly rows: string
  /** Number of parameters in `rows`. */
  readonly parameterCount: number
  /** An array for each column of `rows`, in the same order; an array of only nulls is replaced by an empty one. */
  parameters(rows: readonly Row[]): unknown[][]
}

interface Part<Row> {
  readonly name: string
  /** Type of the array. */
  readonly type: string
  readonly of: (row: Row) => unknown
  /** Expression for the stored value, from the item of the array. */
  readonly value: string
}

/**
 * Raw statements for measured hot paths: `unnest` of arrays has a single plan for any number of rows. Names, values and
 * parameters are derived from the same list, by name, so that they cannot get out of step.
 */
export function writeColumns<Table extends PgTable, Row>({
  table,
  sources,
  compared = [],
  firstParameter,
}: WriteColumnsOptions<Table, Row>): WriteColumns<Row> {
  const stored = partsOf(table, sources)
  const all = [...stored, ...compared.map(({ name, type, of }) => ({ name, type, of, value: `t.${name}` }))]
  const arrays = all.map(({ type }, index) => `$${firstParameter + index}::${type}[]`)
  return {
    names: listOf(stored, 'name'),
    values: listOf(stored, 'value'),
    assignments: (keys) =>
      stored
        .filter(({ name }) => !keys.includes(name))
        .map(({ name, value }) => `${name} = ${value}`)
        .join(', '),
    rows: `unnest(${arrays.join(', ')}) as t(${listOf(all, 'name')})`,
    parameterCount: all.length,
    parameters: (rows) => all.map((part) => withoutNulls(arrayOf(part, rows))),
  }
}

/** A drizzle statement that adds the rows; `on conflict …` may follow. */
export function insertRows<Table extends PgTable, Row>(
  table: Table,
  rows: readonly Row[],
  sources: ColumnSources<Table, Row>,
): SQL {
  const parts = partsOf(table, sources)
  const [names, values] = [sql.raw(listOf(parts, 'name')), sql.raw(listOf(parts, 'value'))]
  return sql`insert into ${table} (${names}) select ${values} from ${rowsAsTable(table, rows, sources)}`
}

/** The rows as a table `t` in a drizzle statement, with instants as epoch ms and JSON as text. */
export function rowsAsTable<Table extends PgTable, Row>(
  table: Table,
  rows: readonly Row[],
  sources: ColumnSources<Table, Row>,
): SQL {
  const parts = partsOf(table, sources)
  const arrays = parts.map((part) => sql`${sql.param(arrayOf(part, rows))}::${sql.raw(part.type)}[]`)
  return sql`unnest(${sql.join(arrays, sql`, `)}) as t(${sql.raw(listOf(parts, 'name'))})`
}

function partsOf<Table extends PgTable, Row>(table: Table, sources: ColumnSources<Table, Row>): Part<Row>[] {
  const columns: Readonly<Record<string, PgColumn>> = getTableColumns(table)
  return Object.entries<((row: Row) => unknown) | undefined>(sources).flatMap(([key, of]): Part<Row>[] => {
    const column = columns[key]
    return column === undefined || of === undefined ? [] : [partOf(column, of)]
  })
}

function listOf(parts: readonly Pick<Part<never>, 'name' | 'value'>[], of: 'name' | 'value'): string {
  return parts.map((part) => part[of]).join(', ')
}

function arrayOf<Row>({ of }: Pick<Part<Row>, 'of'>, rows: readonly Row[]): unknown[] {
  return rows.map((row) => of(row) ?? null)
}

/**
 * Empty if every value is null, as in many columns of most rows: `unnest` pads shorter arrays with nulls. Keys are
 * among the columns and never null, so the number of rows is preserved.
 */
function withoutNulls(values: unknown[]): unknown[] {
  return values.every((value) => value === null) ? [] : values
}

/** Instants are passed as epoch ms and JSON as text: neither driver writes arrays of them. */
function partOf<Row>(column: PgColumn, of: (row: Row) => unknown): Part<Row> {
  const { name } = column
  const type = column.getSQLType()
  if (type.startsWith('timestamp')) return { name, type: 'float8', of, value: toInstant(`t.${name}`) }
  if (type === 'jsonb') return { name, type: 'text', of: (row) => jsonText(of(row)), value: `t.${name}::jsonb` }
  return { name, type, of, value: `t.${name}` }
}

function jsonText(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value)
}
