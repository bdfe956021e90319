import type { TableRecord } from '../tables/table-file.ts'
import type { Columns } from './find-columns.ts'
import type { Outcome } from './rejection.ts'
import { RowCells } from './row-cells.ts'
import type { ZonedClock } from './zoned-clock.ts'

/** Reads the rows of one file. */
export interface RowReader<T> {
  read(record: TableRecord): Outcome<T>
  /** What the file calls the column that a field of an event comes from; the field itself when there is none. */
  columnOf(field: string): string
}

/** Fields of an event that come from a column with another name. */
const columnNames: Readonly<Record<string, string>> = { id: 'eventId', type: 'eventType', occurredAt: 'time' }

export function rowReader<T, Name extends string>(
  file: { readonly columns: Columns<Name>; readonly width: number; readonly clock: ZonedClock | undefined },
  readRow: (row: number, cells: RowCells<Name>) => T,
): RowReader<T> {
  const headers = new Map(
    Object.entries<Columns<Name>[Name]>(file.columns).map(([name, column]) => [name, column?.header]),
  )
  return {
    read(record) {
      if (record.problem !== undefined) return { ok: false, rejection: record.problem }
      const cells = new RowCells(record, file.columns, file.width, file.clock)
      const value = readRow(record.row, cells)
      return cells.rejection ? { ok: false, rejection: cells.rejection } : { ok: true, value }
    },
    columnOf(field) {
      const name = field.replace(/^data\./, '')
      return headers.get(columnNames[name] ?? name) ?? field
    },
  }
}
