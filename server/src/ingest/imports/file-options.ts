import type { CellRules } from '../files/cells/column-readings.ts'
import type { ChosenColumns } from '../files/find-columns.ts'
import type { TableOptions } from '../tables/table-file.ts'

/** A file, what its rows mean, and how its cells are read. */
export interface FileOptions extends CellRules {
  readonly path: string
  readonly table: TableOptions
  /** Undefined: it is proposed from the columns of the file. */
  readonly as: 'stage.entered' | 'stage.completed' | undefined
  readonly source: string
  readonly process: string | undefined
  /** Which column is which, as somebody has said. */
  readonly columns: ChosenColumns
}

export interface ImportFileOptions extends FileOptions {
  /** A row per order, not per event. */
  readonly orders: boolean
  /** Where the rejected rows are written as CSV; undefined: nowhere. */
  readonly errorsPath: string | undefined
}
