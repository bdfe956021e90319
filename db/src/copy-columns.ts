import { getTableColumns } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'

/** Type of a value in the binary format of COPY. */
export type CopyKind = 'text' | 'integer' | 'bigint' | 'boolean' | 'instant' | 'json'

declare const kind: unique symbol

/** Index of a column in a row; its type only permits reading values of the column's type. */
export type CopyColumn<Kind extends CopyKind = CopyKind> = number & { readonly [kind]: Kind }

interface KindOfColumn {
  readonly PgText: 'text'
  readonly PgInteger: 'integer'
  readonly PgBigInt53: 'bigint'
  readonly PgBoolean: 'boolean'
  readonly PgJsonb: 'json'
  /** The only custom type that is read. */
  readonly PgCustomColumn: 'instant'
}

type KindOf<Column extends PgColumn> = KindOfColumn[Column['_']['columnType'] & keyof KindOfColumn]

type ColumnsOf<Table extends PgTable> = Table['_']['columns']

export type CopyPlaces<Table extends PgTable, Name extends keyof ColumnsOf<Table>> = {
  readonly [Key in Name]: ColumnsOf<Table>[Key] extends infer Column extends PgColumn
    ? CopyColumn<KindOf<Column>>
    : never
}

export interface CopyColumns<Table extends PgTable, Name extends keyof ColumnsOf<Table>> {
  readonly count: number
  /** Index of each column in a row. */
  readonly at: CopyPlaces<Table, Name>
  /** The select list, for a table with this alias. */
  select(alias: string): string
}

/** The columns that a COPY reads, in this order; readers of a row take the columns' indexes from here. */
export function copyColumns<Table extends PgTable, const Name extends keyof ColumnsOf<Table> & string>(
  table: Table,
  names: readonly Name[],
): CopyColumns<Table, Name> {
  const columns: Readonly<Record<string, PgColumn>> = getTableColumns(table)
  return {
    count: names.length,
    at: Object.fromEntries(names.map((name, index) => [name, index])) as unknown as CopyPlaces<Table, Name>,
    select: (alias) => names.map((name) => `${alias}.${columns[name]?.name ?? name}`).join(', '),
  }
}
