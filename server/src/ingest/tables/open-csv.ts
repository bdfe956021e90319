import { FileError } from './file-error.ts'
import type { ByteSource } from './byte-source.ts'
import type { CsvDialect } from './csv-dialect.ts'
import { detectDialect } from './csv-dialect.ts'
import { csvRemarks } from './csv-remarks.ts'
import { CsvRows } from './csv-rows.ts'
import { legacyEncodings } from './byte-patterns.ts'
import type { FoundEncoding } from './byte-patterns.ts'
import { surveyBytes } from './detect-encoding.ts'
import { detectQuotes } from './detect-quotes.ts'
import { letterEncodings } from './letter-patterns.ts'
import type { TableFile, TableOptions, TableRecord } from './table-file.ts'
import { maxColumns } from './table-file.ts'
import { readLines } from './text-lines.ts'

const maxHeadLines = 1000
const maxHeadLength = 256 * 1024

/** @throws AppError if it is not text with a header. */
export async function openCsv(source: ByteSource, options: TableOptions): Promise<TableFile> {
  const { encoding: found, hasQuotes } = await surveyBytes(source, options.encoding)
  if (found === undefined)
    throw new FileError(
      'unsupported_media_type',
      'binary',
      'this is no text but binary data; export the table as CSV or XLSX',
    )
  const { encoding, dialect } = await settleEncoding(source, found, options)
  const quote = options.quote ?? (hasQuotes ? await detectQuotes(source, encoding.name, dialect) : dialect.quote)
  return new CsvFile(source, encoding, { ...dialect, quote })
}

/** Encodings that are guessed from the frequency of characters. */
const guessedEncodings: ReadonlySet<string> = new Set([...legacyEncodings, ...letterEncodings])

/** A guess is settled, or replaced, by a known header: text in another encoding does not spell one by chance. */
async function settleEncoding(
  source: ByteSource,
  found: FoundEncoding,
  options: TableOptions,
): Promise<{ readonly encoding: FoundEncoding; readonly dialect: CsvDialect }> {
  const dialect = await findDialect(source, found.name, options)
  const { isTellingHeader } = options
  const { name, certainty, alternative } = found
  // A file that is partly UTF-8 is damaged, whatever its header says.
  const isMixed = name === 'windows-1252' && alternative === 'utf-8'
  const isGuess = (certainty === 'likely' || certainty === 'doubtful') && guessedEncodings.has(name)
  if (isTellingHeader === undefined || !isGuess || isMixed) return { encoding: found, dialect }
  if (dialect.header.some(isTellingHeader)) return { encoding: { name, certainty: 'likely' }, dialect }
  const others: { readonly encoding: FoundEncoding; readonly dialect: CsvDialect }[] = []
  for (const other of legacyEncodings) {
    const read = other === name ? undefined : detectDialect(await headOf(source, other, options), options)
    if (read !== undefined && read.header.length <= maxColumns && read.header.some(isTellingHeader))
      others.push({ encoding: { name: other, certainty: 'likely' }, dialect: read })
  }
  const [only, ...more] = others
  return only === undefined || more.length > 0 ? { encoding: found, dialect } : only
}

function headOf(source: ByteSource, encoding: string, { skipLines = 0 }: TableOptions): Promise<string[]> {
  return readHeadLines(source, encoding, skipLines)
}

async function findDialect(source: ByteSource, encoding: string, options: TableOptions): Promise<CsvDialect> {
  const dialect = detectDialect(await headOf(source, encoding, options), options)
  if (dialect === undefined) throw new FileError('bad_request', 'empty_file', 'the file is empty')
  const { header } = dialect
  if (header.length > maxColumns)
    throw new FileError(
      'too_large',
      'too_many_columns',
      `the file has ${header.length} columns; at most ${maxColumns} are read`,
      { params: { count: header.length, limit: maxColumns } },
    )
  return dialect
}

async function readHeadLines(source: ByteSource, encoding: string, skipLines: number): Promise<string[]> {
  const head: string[] = []
  let length = 0
  for await (const { lines } of readLines(source, encoding)) {
    for (const line of lines) {
      head.push(line)
      length += line.length
      if (head.length >= skipLines + maxHeadLines || (length > maxHeadLength && head.length > skipLines)) return head
    }
  }
  return head
}

class CsvFile implements TableFile {
  readonly header: readonly string[]
  readonly sizeBytes: number
  readonly #source: ByteSource
  readonly #encoding: FoundEncoding
  readonly #dialect: CsvDialect
  #rows: CsvRows

  constructor(source: ByteSource, encoding: FoundEncoding, dialect: CsvDialect) {
    this.header = dialect.header
    this.sizeBytes = source.sizeBytes
    this.#source = source
    this.#encoding = encoding
    this.#dialect = dialect
    this.#rows = new CsvRows(dialect)
  }

  get batches(): AsyncIterable<readonly TableRecord[]> {
    return { [Symbol.asyncIterator]: () => this.#read() }
  }

  get facts() {
    const { name, certainty } = this.#encoding
    return {
      kind: 'csv',
      compression: this.#source.compression,
      encoding: { name, certainty },
      delimiter: this.#dialect.delimiter,
      quote: this.#dialect.quote,
      lines: this.#rows.account.lines,
      rows: this.#rows.account.rows,
    } as const
  }

  remarks() {
    return csvRemarks(this.#rows.account, this.#dialect, this.#encoding)
  }

  readBytes(): number {
    return this.#source.readBytes()
  }

  async close(): Promise<void> {
    await this.#source.close()
  }

  async *#read(): AsyncGenerator<readonly TableRecord[]> {
    const rows = new CsvRows(this.#dialect)
    this.#rows = rows
    let endsWell = true
    for await (const { lines, hasLineEnd } of readLines(this.#source, this.#encoding.name)) {
      yield rows.add(lines)
      endsWell = hasLineEnd
    }
    yield rows.end(endsWell)
  }
}
