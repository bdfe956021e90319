import { getTableColumns } from 'drizzle-orm'
import { getTableConfig } from 'drizzle-orm/pg-core'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { ColumnSources } from './write-columns.ts'

/** What frames the rows in the binary form of COPY: signature, flags and no extension; and the end of the data. */
export const copyHeader = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
export const copyTrailer = Buffer.from([0xff, 0xff])

/** About a thousand rows: a piece is small enough to be handed on while the next one is being filled. */
const pieceBytes = 256 * 1024
/** A row that is larger makes its piece grow. */
const spareBytes = 16 * 1024
const countLength = 2
const sizeLength = 4
/** PostgreSQL counts microseconds since 2000. */
const epoch2000Ms = Date.UTC(2000, 0, 1)
const ascii = 0x7f
const jsonbVersion = 1

type Write = (writer: RowBuffer, value: unknown) => void

interface Part<Row> {
  readonly of: (row: Row) => unknown
  readonly write: Write
}

/**
 * Writes rows in the binary form of COPY (https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"), a
 * column by what the table says of it. Rows go straight into the bytes that are sent: nothing is made for each of them.
 */
export class CopyWriter<Row> {
  /** The table and its columns, as `copyIn` takes them. */
  readonly target: string
  readonly #parts: readonly Part<Row>[]
  readonly #buffer = new RowBuffer()

  private constructor(target: string, parts: readonly Part<Row>[]) {
    this.target = target
    this.#parts = parts
  }

  /** @param sources as in `writeColumns`; a column that has none gets its default. */
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

  /** What was written since the last call, in pieces that end with a row. */
  take(): Uint8Array<ArrayBuffer>[] {
    return this.#buffer.take()
  }
}

/** Bytes of rows, which grow at the end. */
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
    this.#length = bytes.writeInt32BE(-1, this.#length)
  }

  boolean(value: boolean): void {
    const bytes = this.#reserve(sizeLength + 1)
    const at = bytes.writeInt32BE(1, this.#length)
    this.#length = bytes.writeUInt8(value ? 1 : 0, at)
  }

  integer(value: number): void {
    const bytes = this.#reserve(sizeLength + 4)
    const at = bytes.writeInt32BE(4, this.#length)
    this.#length = bytes.writeInt32BE(value, at)
  }

  bigint(value: number): void {
    if (!Number.isSafeInteger(value)) return this.#exactBigint(BigInt(value))
    const bytes = this.#reserve(sizeLength + 8)
    const high = Math.floor(value / 2 ** 32)
    const at = bytes.writeInt32BE(8, this.#length)
    bytes.writeInt32BE(high, at)
    this.#length = bytes.writeUInt32BE(value - high * 2 ** 32, at + 4)
  }

  instant(atMs: number): void {
    const micros = (atMs - epoch2000Ms) * 1000
    if (Number.isSafeInteger(micros)) this.bigint(micros)
    else if (Number.isFinite(atMs)) this.#exactBigint(BigInt(atMs - epoch2000Ms) * 1000n)
    // The largest and the smallest number stand for infinity.
    else this.#exactBigint(atMs > 0 ? 2n ** 63n - 1n : -(2n ** 63n))
  }

  /** @param prefix one more byte before the text. */
  text(text: string, prefix?: number): void {
    const { length } = text
    const extra = prefix === undefined ? 0 : 1
    const bytes = this.#reserve(sizeLength + extra + 3 * length)
    if (prefix !== undefined) bytes[this.#length + sizeLength] = prefix
    const start = this.#length + sizeLength + extra
    let done = 0
    // Most texts are short and plain, and calling the encoder costs more than writing them.
    while (done < length) {
      const unit = text.charCodeAt(done)
      if (unit > ascii) break
      bytes[start + done] = unit
      done += 1
    }
    const size = done === length ? length : bytes.write(text, start, 'utf8')
    bytes.writeInt32BE(size + extra, this.#length)
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

/** How values of a column are written; what they are, `ColumnSources` has seen to. */
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
