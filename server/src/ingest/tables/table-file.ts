import type { Rejection } from './rejection.ts'
import type { QuoteStyle, TableFacts } from './table-facts.ts'
import type { TableRemark } from './table-remarks.ts'

/** A file with more columns is not a table made by a person. */
export const maxColumns = 200
/** UTF-16 code units per cell. */
export const maxCellLength = 64 * 1024

/** One data row. Rows that are blank or have only empty cells are not counted. */
export interface TableRecord {
  /** 1 for the first data row. */
  readonly row: number
  /** The line of the text file, or the row of the sheet, where it starts. */
  readonly line: number
  readonly cells: readonly string[]
  /** Why its cells are unreliable, as detected in the table itself. */
  readonly problem?: Rejection | undefined
  /** False if the text file ends with this row and without a line break, so that its last cell may be truncated. */
  readonly hasLineEnd?: boolean
}

/** A table file of any format. */
export interface TableFile {
  readonly header: readonly string[]
  /** Header including the names that `header` omits; undefined if it omits none. */
  readonly fullHeader?: readonly string[]
  /**
   * The rows in batches, as they become available: awaiting each row would take longer than reading it. Each loop reads
   * the file again from the start. Throws AppError if the file turns out to be broken.
   */
  readonly batches: AsyncIterable<readonly TableRecord[]>
  /** How the file was read; the counts are complete once all rows have been read. */
  readonly facts: TableFacts
  /** What the user should check; complete when `facts` are. */
  readonly remarks: () => readonly TableRemark[]
  /** Size on disk, so compressed if the file is. */
  readonly sizeBytes: number
  /** How much of `sizeBytes` the most recently started loop has read. */
  readonly readBytes: () => number
  readonly close: () => Promise<void>
}

/** Options that override what would be detected. */
export interface TableOptions {
  /** A label of the Encoding Standard. */
  readonly encoding?: string | undefined
  /** A single character. */
  readonly delimiter?: string | undefined
  readonly quote?: QuoteStyle | undefined
  /** Number of lines before the header. */
  readonly skipLines?: number | undefined
  /** Sheet name of a workbook. */
  readonly sheet?: string | undefined
  /** Whether a header is one that nobody would write by chance, so that it settles a doubtful encoding. */
  readonly isTellingHeader?: ((header: string) => boolean) | undefined
}

/** Iterates over single rows, for callers that read only a few. */
export async function* recordsOf({ batches }: Pick<TableFile, 'batches'>): AsyncGenerator<TableRecord> {
  for await (const batch of batches) yield* batch
}
