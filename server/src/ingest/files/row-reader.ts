import type { TableRecord } from '../tables/table-file.ts'
import { CellCounts } from './cells/cell-counts.ts'
import type { CellRules, ColumnReadings } from './cells/column-readings.ts'
import { unsurveyedReadings } from './cells/column-readings.ts'
import type { ChosenColumns, Columns } from './find-columns.ts'
import type { Outcome } from './rejection.ts'
import { RowCells } from './row-cells.ts'

/** How the rows of a file are read. */
export interface RowRules extends CellRules {
  /** How its columns are read, as a survey found out; undefined: there was none. */
  readonly readings?: ColumnReadings | undefined
  /** Counts what is left out of rows, and what is changed in them. */
  readonly counts?: CellCounts | undefined
  readonly columns?: ChosenColumns | undefined
}

/** Reads the rows of one file. */
export interface RowReader<T> {
  read(record: TableRecord): Outcome<T>
  /** What the file calls the column that a field of an event comes from; the field itself when there is none. */
  columnOf(field: string): string
  /** Those of the file that are read. */
  readonly columns: Columns<string>
}

/** Fields of an event that come from a column with another name. */
const columnNames: Readonly<Record<string, string>> = { id: 'eventId', type: 'eventType', occurredAt: 'time' }

export function rowReader<T, Name extends string>(
  file: { readonly columns: Columns<Name>; readonly width: number },
  rules: RowRules,
  readRow: (row: number, cells: RowCells<Name>) => T,
): RowReader<T> {
  const headers = new Map(
    Object.entries<Columns<Name>[Name]>(file.columns).map(([name, column]) => [name, column?.header]),
  )
  const { readings = unsurveyedReadings(rules), counts = new CellCounts() } = rules
  const context = { ...file, rules, readings, counts }
  return {
    columns: file.columns,
    read(record) {
      if (record.problem !== undefined) return { ok: false, rejection: record.problem }
      const cells = new RowCells(record, context)
      const value = readRow(record.row, cells)
      return cells.rejection ? { ok: false, rejection: cells.rejection } : { ok: true, value }
    },
    columnOf(field) {
      const name = field.replace(/^data\./, '')
      return headers.get(columnNames[name] ?? name) ?? field
    },
  }
}
