import type { TableRecord } from '../tables/table-file.ts'
import { CellCounts } from './cells/cell-counts.ts'
import type { CellRules, ColumnReadings } from './cells/column-readings.ts'
import { unsurveyedReadings } from './cells/column-readings.ts'
import type { ChosenColumns, Columns } from './find-columns.ts'
import type { Outcome } from '../tables/rejection.ts'
import { RowCells } from './row-cells.ts'

/** Settings for reading the rows of a file. */
export interface RowRules extends CellRules {
  /** How to read the columns according to a survey; undefined if the file was not surveyed. */
  readonly readings?: ColumnReadings | undefined
  /** Counts the cells that were ignored or changed. */
  readonly counts?: CellCounts | undefined
  readonly columns?: ChosenColumns | undefined
}

/** Reads the rows of one file. */
export interface RowReader<T> {
  read(record: TableRecord): Outcome<T>
  /** Header of the column that a field of an event is read from; the field name itself if there is none. */
  columnOf(field: string): string
  /** The columns of the file that are read. */
  readonly columns: Columns<string>
}

/** Fields of an event whose column has a different name. */
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
