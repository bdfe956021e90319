import { plural } from '../../platform/english-text.ts'
import { FileError } from './file-error.ts'
import type { FoundEncoding } from './byte-patterns.ts'
import type { ByteSource } from './byte-source.ts'
import { surveyBytes } from './detect-encoding.ts'
import { noLines } from './table-facts.ts'
import { maxCellLength } from './table-file.ts'
import type { TableFile, TableOptions, TableRecord } from './table-file.ts'
import { RemarkCounts } from './table-remarks.ts'
import { readLines } from './text-lines.ts'

/** Header of the only column of a file of events, which has the whole line. */
export const eventLineColumn = 'event'

/** Whether each row of the file is a complete event, so that nothing has to be detected in it. */
export function hasEventLines({ facts }: Pick<TableFile, 'facts'>): boolean {
  return facts.kind === 'ndjson'
}

/**
 * Opens a file with a line of JSON for each event, as a table with one column.
 * @throws AppError if it is not text.
 */
export async function openEventLines(source: ByteSource, options: TableOptions): Promise<TableFile> {
  const { encoding } = await surveyBytes(source, options.encoding)
  if (encoding === undefined)
    throw new FileError(
      'unsupported_media_type',
      'binary',
      'this is no text but binary data; a line of the file must be an event as JSON',
    )
  return new EventLinesFile(source, encoding)
}

class EventLinesFile implements TableFile {
  readonly header = [eventLineColumn]
  readonly sizeBytes: number
  readonly #source: ByteSource
  readonly #encoding: FoundEncoding
  #lines = noLines()
  #damaged = new RemarkCounts()

  constructor(source: ByteSource, encoding: FoundEncoding) {
    this.sizeBytes = source.sizeBytes
    this.#source = source
    this.#encoding = encoding
  }

  get batches(): AsyncIterable<readonly TableRecord[]> {
    return { [Symbol.asyncIterator]: () => this.#read() }
  }

  get facts() {
    const { name, certainty } = this.#encoding
    const { rows, rejected } = this.#lines
    return {
      kind: 'ndjson',
      compression: this.#source.compression,
      encoding: { name, certainty },
      lines: this.#lines,
      rows: rows + rejected,
    } as const
  }

  remarks() {
    const { name } = this.#encoding
    const damaged = this.#damaged.remark(
      'damaged_text',
      (count, places) =>
        `${plural(count, 'character')} could not be read as ${name} (${places}); if they are many, choose another encoding with --encoding`,
      { encoding: name },
    )
    return damaged === undefined ? [] : [damaged]
  }

  readBytes(): number {
    return this.#source.readBytes()
  }

  async close(): Promise<void> {
    await this.#source.close()
  }

  async *#read(): AsyncGenerator<readonly TableRecord[]> {
    const lines = noLines()
    this.#lines = lines
    this.#damaged = new RemarkCounts()
    for await (const { lines: texts } of readLines(this.#source, this.#encoding.name)) {
      const records: TableRecord[] = []
      for (const text of texts) {
        lines.total += 1
        if (text.trim() === '') lines.blank += 1
        else records.push(this.#record(text))
      }
      yield records
    }
  }

  #record(text: string): TableRecord {
    const lines = this.#lines
    if (text.includes('\uFFFD')) this.#damaged.add('damaged_text', lines.total, text.split('\uFFFD').length - 1)
    const isLong = text.length > maxCellLength
    lines[isLong ? 'rejected' : 'rows'] += 1
    const record = { row: lines.rows + lines.rejected, line: lines.total, cells: [text] }
    if (!isLong) return record
    const message = `the line has more than ${maxCellLength} characters, and no event is that long`
    return { ...record, cells: [text.slice(0, maxCellLength)], problem: { code: 'too_large', field: '', message } }
  }
}
