import type { Rejection } from '../files/rejection.ts'
import type { QuoteStyle, TableFacts } from './table-facts.ts'
import type { TableRemark } from './table-remarks.ts'

/** More columns are no table that a person has made. */
export const maxColumns = 200
/** In UTF-16 units of one cell. */
export const maxCellLength = 64 * 1024

/** One data row. Rows that are blank or have only empty cells are not counted. */
export interface TableRecord {
  /** 1 for the first data row. */
  readonly row: number
  /** The line of the text file, or the row of the sheet, at which it begins. */
  readonly line: number
  readonly cells: readonly string[]
  /** Why its cells cannot be relied on, as the table itself shows. */
  readonly problem?: Rejection | undefined
  /** False: the text file ends with this row and without a line end, so its last cell may be cut. */
  readonly hasLineEnd?: boolean
}

/** A file that is a table, whatever its format. */
export interface TableFile {
  readonly header: readonly string[]
  /** With names that are left out of `header`; undefined: none are. */
  readonly fullHeader?: readonly string[]
  /**
   * The rows, as many at a time as come together: waiting for each of them would take longer than reading it. Each loop
   * over it reads the file again from the beginning. Throws AppError when the file turns out to be broken.
   */
  readonly batches: AsyncIterable<readonly TableRecord[]>
  /** How the file was read; its counts are complete once the records were read to the end. */
  readonly facts: TableFacts
  /** What a person should check, complete when `facts` are. */
  readonly remarks: () => readonly TableRemark[]
  /** On disk, so compressed if the file is. */
  readonly sizeBytes: number
  /** How much of `sizeBytes` the loop that began last has read. */
  readonly readBytes: () => number
  readonly close: () => Promise<void>
}

/** What a person says about a file instead of leaving it to be found out. */
export interface TableOptions {
  /** A label of the Encoding Standard. */
  readonly encoding?: string | undefined
  /** One character. */
  readonly delimiter?: string | undefined
  readonly quote?: QuoteStyle | undefined
  /** Lines before the header. */
  readonly skipLines?: number | undefined
  /** Name of the sheet of a workbook. */
  readonly sheet?: string | undefined
}

/** The rows of a table one by one, where there are few. */
export async function* recordsOf({ batches }: Pick<TableFile, 'batches'>): AsyncGenerator<TableRecord> {
  for await (const batch of batches) yield* batch
}
