import { pipeline, Readable } from 'node:stream'
import type { CsvError, Options } from 'csv-parse'
import { parse } from 'csv-parse'
import { parse as parseWhole } from 'csv-parse/sync'
import type { FileEncoding } from './detect-encoding.ts'
import type { Delimiter } from './detect-delimiter.ts'
import { detectDelimiter } from './detect-delimiter.ts'
import { AppError } from '../../platform/app-error.ts'
import { openText } from './open-text.ts'

const maxColumns = 200
/** In UTF-16 units of one cell. */
export const maxCellLength = 64 * 1024

/** One data row. Rows that are blank or have only empty cells are not counted. */
export interface CsvRecord {
  /** 1 for the first data row. */
  readonly row: number
  /** The line of the file at which it begins. */
  readonly line: number
  readonly cells: readonly string[]
}

/** A CSV file that is read once, from the beginning. */
export interface CsvFile {
  readonly header: readonly string[]
  readonly encoding: FileEncoding
  readonly delimiter: Delimiter
  readonly records: AsyncIterable<CsvRecord>
  readonly sizeBytes: number
  readonly readBytes: () => number
  readonly close: () => void
}

/** @throws AppError when it is no CSV file; `records` throws it when the file turns out to be broken later. */
export async function openCsv(path: string): Promise<CsvFile> {
  const text = await openText(path)
  try {
    const delimiter = detectDelimiter(text.head)
    const header = readHeader(text.head, delimiter)
    const records = readRecords(text.pieces, delimiter)
    const { encoding, sizeBytes, readBytes, close } = text
    return { header, encoding, delimiter, records, sizeBytes, readBytes, close }
  } catch (error) {
    text.close()
    throw error
  }
}

function csvOptions(delimiter: Delimiter): Options {
  return {
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    // A quote within an unquoted cell, as in 5" pipe, is an ordinary character.
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    // A quote that is never closed would gather the rest of the file.
    max_record_size: maxColumns * maxCellLength,
  }
}

function readHeader(head: string, delimiter: Delimiter): string[] {
  const [header] = parseHeader(head, delimiter)
  if (header === undefined) throw new AppError('bad_request', 'the file is empty')
  if (header.length > maxColumns)
    throw new AppError('too_large', `the file has ${header.length} columns; at most ${maxColumns} are read`)
  return header.map((name) => name.trim())
}

function parseHeader(head: string, delimiter: Delimiter): string[][] {
  try {
    return parseWhole(head, { ...csvOptions(delimiter), to: 1 })
  } catch (error) {
    throw new AppError('bad_request', `the header line cannot be read: ${String(error)}`)
  }
}

/** What csv-parse hands out with `info`, which its types leave open. */
interface ParsedRecord {
  readonly record: readonly string[]
  /** `lines`: the line of the file at which the record ends. */
  readonly info: { readonly lines: number }
}

async function* readRecords(pieces: AsyncIterable<string>, delimiter: Delimiter): AsyncGenerator<CsvRecord> {
  // An error of the parser would throw away the records that it has ready, so it only notes what it cannot read.
  let failure: CsvError | undefined
  const noteFailure = (error: CsvError | undefined): undefined => {
    failure ??= error
  }
  const options: Options = { ...csvOptions(delimiter), info: true, skip_records_with_error: true, on_skip: noteFailure }
  async function* piecesUntilFailure() {
    for await (const piece of pieces) {
      if (failure) return
      yield piece
    }
  }
  // The callback has nothing to do: the loop below gets the error of either stream.
  const parsed: AsyncIterable<ParsedRecord> = pipeline(Readable.from(piecesUntilFailure()), parse(options), () => {})
  let row = 0
  let lastLine = 0
  for await (const { record, info } of parsed) {
    if (row > 0) yield { row, line: info.lines - lineBreaksWithin(record), cells: record }
    row += 1
    lastLine = info.lines
  }
  if (failure) throw new AppError('bad_request', `cannot be read after line ${lastLine}: ${csvProblem(failure)}`)
}

function csvProblem(error: CsvError): string {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE') return 'a quote is never closed'
  return error.message
}

function lineBreaksWithin(cells: readonly string[]): number {
  let count = 0
  for (const cell of cells) if (cell.includes('\n')) count += cell.split('\n').length - 1
  return count
}
