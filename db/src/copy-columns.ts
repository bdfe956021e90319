import { getTableColumns } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'

/** How the binary form of COPY writes a value. */
export type CopyKind = 'text' | 'integer' | 'bigint' | 'boolean' | 'instant' | 'json'

declare const kind: unique symbol

/** The place of a column in a row, which can only be read as what the column holds. */
export type CopyColumn<Kind extends CopyKind = CopyKind> = number & { readonly [kind]: Kind }

interface KindOfColumn {
  readonly PgText: 'text'
  readonly PgInteger: 'integer'
  readonly PgBigInt53: 'bigint'
  readonly PgBoolean: 'boolean'
  readonly PgJsonb: 'json'
  /** The only type of our own that is read. */
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
  /** Where each column is in a row. */
  readonly at: CopyPlaces<Table, Name>
  /** What is selected, from a table with this alias. */
  select(alias: string): string
}

/** The columns that a COPY reads, in this order; what reads a row takes their places from here. */
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
