import { getTableColumns } from 'drizzle-orm'
import { getTableConfig } from 'drizzle-orm/pg-core'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { ColumnSources } from './write-columns.ts'

/** Header and trailer of the binary format of COPY: signature, flags and no extension; and the end of the data. */
export const copyHeader = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
export const copyTrailer = Buffer.from([0xff, 0xff])

/** About a thousand rows: small enough to send one piece while the next one is being filled. */
const pieceBytes = 256 * 1024
/** A larger row makes its piece grow. */
const spareBytes = 16 * 1024
const countLength = 2
const sizeLength = 4
/** PostgreSQL counts microseconds since 2000. */
const epoch2000Ms = Date.UTC(2000, 0, 1)
const ascii = 0x7f
const shortText = 48
const jsonbVersion = 1

type Write = (writer: RowBuffer, value: unknown) => void

interface Part<Row> {
  readonly of: (row: Row) => unknown
  readonly write: Write
}

/**
 * Writes rows in the binary format of COPY (https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"),
 * according to the column types of the table. Rows are written directly into the bytes that are sent, without
 * allocating objects per row.
 */
export class CopyWriter<Row> {
  /** The table and its columns, in the format of `copyIn`. */
  readonly target: string
  readonly #parts: readonly Part<Row>[]
  readonly #buffer = new RowBuffer()

  private constructor(target: string, parts: readonly Part<Row>[]) {
    this.target = target
    this.#parts = parts
  }

  /** @param sources As in `writeColumns`; a column without a source gets its default. */
  static of<Table extends PgTable, Row>(table: Table, sources: ColumnSources<Table, Row>): CopyWriter<Row> {
    const columns: Readonly<Record<string, PgColumn>> = getTableColumns(table)
    const names: string[] = []
    const parts: Part<Row>[] = []
    for (const [key, of] of Object.entries<((row: Row) => unknown) | undefined>(sources)) {
      const column = columns[key]
      if (column === undefined || of === undefined) continue
      names.push(column.name)
      parts.push({ of, write: writeOf(column) })
    }
    return new CopyWriter(`${getTableConfig(table).name} (${names.join(', ')})`, parts)
  }

  add(row: Row): void {
    const buffer = this.#buffer
    buffer.begin(this.#parts.length)
    for (const { of, write } of this.#parts) {
      const value = of(row)
      if (value === undefined || value === null) buffer.null()
      else write(buffer, value)
    }
    buffer.end()
  }

  /** Takes everything written since the last call, in pieces that each end with a complete row. */
  take(): Uint8Array<ArrayBuffer>[] {
    return this.#buffer.take()
  }
}

/** A growable buffer of rows. */
class RowBuffer {
  #bytes: Buffer<ArrayBuffer> | undefined
  #length = 0
  #pieces: Buffer<ArrayBuffer>[] = []

  begin(columnCount: number): void {
    const bytes = this.#reserve(countLength)
    this.#length = bytes.writeInt16BE(columnCount, this.#length)
  }

  end(): void {
    if (this.#length >= pieceBytes) this.#closePiece()
  }

  take(): Uint8Array<ArrayBuffer>[] {
    this.#closePiece()
    const pieces = this.#pieces
    this.#pieces = []
    return pieces
  }

  null(): void {
    const bytes = this.#reserve(sizeLength)
    this.#length = writeWord(bytes, -1, this.#length)
  }

  boolean(value: boolean): void {
    const bytes = this.#reserve(sizeLength + 1)
    const at = writeWord(bytes, 1, this.#length)
    bytes[at] = value ? 1 : 0
    this.#length = at + 1
  }

  integer(value: number): void {
    if (value !== Math.trunc(value) || value < -(2 ** 31) || value >= 2 ** 31)
      throw new RangeError(`${value} is no 32-bit integer`)
    const bytes = this.#reserve(sizeLength + 4)
    const at = writeWord(bytes, 4, this.#length)
    this.#length = writeWord(bytes, value, at)
  }

  bigint(value: number): void {
    if (!Number.isSafeInteger(value)) return this.#exactBigint(BigInt(value))
    const bytes = this.#reserve(sizeLength + 8)
    const high = Math.floor(value / 2 ** 32)
    const at = writeWord(bytes, 8, this.#length)
    writeWord(bytes, high, at)
    this.#length = writeWord(bytes, value - high * 2 ** 32, at + 4)
  }

  instant(atMs: number): void {
    const micros = (atMs - epoch2000Ms) * 1000
    if (Number.isSafeInteger(micros)) this.bigint(micros)
    else if (Number.isFinite(atMs)) this.#exactBigint(BigInt(atMs - epoch2000Ms) * 1000n)
    // The largest and the smallest number represent infinity.
    else this.#exactBigint(atMs > 0 ? 2n ** 63n - 1n : -(2n ** 63n))
  }

  /** @param prefix An additional byte before the text. */
  text(text: string, prefix?: number): void {
    const { length } = text
    const extra = prefix === undefined ? 0 : 1
    const bytes = this.#reserve(sizeLength + extra + 3 * length)
    if (prefix !== undefined) bytes[this.#length + sizeLength] = prefix
    const start = this.#length + sizeLength + extra
    let done = 0
    // Most texts are short and ASCII, and calling the encoder takes longer than writing them here.
    while (done < length && length <= shortText) {
      const unit = text.charCodeAt(done)
      if (unit > ascii) break
      bytes[start + done] = unit
      done += 1
    }
    const size = done === length ? length : bytes.write(text, start, 'utf8')
    writeWord(bytes, size + extra, this.#length)
    this.#length = start + size
  }

  #exactBigint(value: bigint): void {
    const bytes = this.#reserve(sizeLength + 8)
    const at = bytes.writeInt32BE(8, this.#length)
    this.#length = bytes.writeBigInt64BE(value, at)
  }

  #reserve(size: number): Buffer<ArrayBuffer> {
    const needed = this.#length + size
    if (this.#bytes !== undefined && needed <= this.#bytes.length) return this.#bytes
    const grown = Buffer.allocUnsafeSlow(Math.max(pieceBytes + spareBytes, 2 * needed))
    this.#bytes?.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
    return grown
  }

  #closePiece(): void {
    if (this.#bytes !== undefined && this.#length > 0) this.#pieces.push(this.#bytes.subarray(0, this.#length))
    this.#bytes = undefined
    this.#length = 0
  }
}

/**
 * Writes four bytes; the methods of `Buffer` would validate their arguments each time. @returns The end of the word.
 */
function writeWord(bytes: Buffer, word: number, at: number): number {
  bytes[at] = word >>> 24
  bytes[at + 1] = word >>> 16
  bytes[at + 2] = word >>> 8
  bytes[at + 3] = word
  return at + sizeLength
}

/** How values of a column are written; `ColumnSources` guarantees their types. */
function writeOf(column: PgColumn): Write {
  const type = column.getSQLType()
  const write = writes[type.startsWith('timestamp') ? 'timestamp' : type]
  if (write === undefined) throw new Error(`COPY does not write ${type}`)
  return write
}

const writes: Readonly<Record<string, Write>> = {
  text: (buffer, value) => buffer.text(String(value)),
  integer: (buffer, value) => buffer.integer(Number(value)),
  bigint: (buffer, value) => buffer.bigint(Number(value)),
  boolean: (buffer, value) => buffer.boolean(value === true),
  timestamp: (buffer, value) => buffer.instant(Number(value)),
  jsonb: (buffer, value) => buffer.text(JSON.stringify(value), jsonbVersion),
}
