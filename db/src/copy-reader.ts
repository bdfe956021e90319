import type { CopyColumn } from './copy-columns.ts'
import { TextCache } from './text-cache.ts'

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
/** Signature, flags and the length of the extension. No version of PostgreSQL sets either of the latter. */
const headerLength = signature.length + 8
const countLength = 2
const sizeLength = 4
/** PostgreSQL counts microseconds since 2000. */
const epoch2000Ms = Date.UTC(2000, 0, 1)
const nothing = Buffer.alloc(0)

/** The row that is being read; its content is invalid once the next row is read. */
export interface CopyRow {
  isNull(column: CopyColumn): boolean
  /** Empty string for null. */
  text(column: CopyColumn<'text'>): string
  /** The same for a text that occurs in many rows; decoded texts are cached. */
  commonText(column: CopyColumn<'text'>): string
  /** Whether the value equals a text of single-byte characters; false means unknown. */
  isText(column: CopyColumn<'text'>, text: string): boolean
  /** Undefined for null. */
  textOrUndefined(column: CopyColumn<'text'>): string | undefined
  /** A value of type `int4`. */
  integer(column: CopyColumn<'integer'>): number
  /** A value of type `int8`, up to 2^53. */
  bigint(column: CopyColumn<'bigint'>): number
  boolean(column: CopyColumn<'boolean'>): boolean
  /** A value of type `timestamptz`, epoch ms; undefined for null. */
  instant(column: CopyColumn<'instant'>): number | undefined
  /** A value of type `jsonb`; undefined for null. */
  json(column: CopyColumn<'json'>): unknown
}

/**
 * Reads the binary format of COPY (https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"), which
 * arrives in pieces of any size.
 * @throws If the data has a different format or other columns.
 */
export class CopyReader implements CopyRow {
  readonly #columnCount: number
  readonly #onRow: (row: CopyRow) => void
  readonly #texts = new TextCache()
  #bytes: Buffer = nothing
  #hasBegun = false
  readonly #starts: Int32Array
  /** −1: null. */
  readonly #sizes: Int32Array

  constructor(columnCount: number, onRow: (row: CopyRow) => void) {
    this.#columnCount = columnCount
    this.#starts = new Int32Array(columnCount)
    this.#sizes = new Int32Array(columnCount)
    this.#onRow = onRow
  }

  take(piece: Uint8Array): void {
    const bytes = Buffer.isBuffer(piece) ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes])
    let at = 0
    if (!this.#hasBegun) {
      if (this.#bytes.length < headerLength) return
      requireHeader(this.#bytes)
      this.#hasBegun = true
      at = headerLength
    }
    for (let end = this.#locate(at); end !== undefined; end = this.#locate(at)) {
      this.#onRow(this)
      at = end
    }
    this.#bytes = at === this.#bytes.length ? nothing : this.#bytes.subarray(at)
  }

  isNull(column: CopyColumn): boolean {
    return (this.#sizes[column] ?? -1) < 0
  }

  text(column: CopyColumn<'text'>): string {
    return this.#utf8(column)
  }

  commonText(column: CopyColumn<'text'>): string {
    const start = this.#starts[column] ?? 0
    return this.#texts.decode(this.#bytes, start, start + Math.max(0, this.#sizes[column] ?? 0))
  }

  isText(column: CopyColumn<'text'>, text: string): boolean {
    if (this.#sizes[column] !== text.length) return false
    const start = this.#starts[column] ?? 0
    for (let i = 0; i < text.length; i++) if (this.#bytes[start + i] !== text.charCodeAt(i)) return false
    return true
  }

  textOrUndefined(column: CopyColumn<'text'>): string | undefined {
    return this.isNull(column) ? undefined : this.text(column)
  }

  integer(column: CopyColumn<'integer'>): number {
    return this.#bytes.readInt32BE(this.#starts[column])
  }

  bigint(column: CopyColumn<'bigint'>): number {
    return this.#integerOf8(column)
  }

  boolean(column: CopyColumn<'boolean'>): boolean {
    return this.#bytes[this.#starts[column] ?? 0] === 1
  }

  instant(column: CopyColumn<'instant'>): number | undefined {
    return this.isNull(column) ? undefined : epoch2000Ms + Math.round(this.#integerOf8(column) / 1000)
  }

  json(column: CopyColumn<'json'>): unknown {
    // The first byte is the version of the format, the rest is text.
    return this.isNull(column) ? undefined : JSON.parse(this.#utf8(column).slice(1))
  }

  #integerOf8(column: CopyColumn): number {
    const start = this.#starts[column] ?? 0
    return this.#bytes.readInt32BE(start) * 2 ** 32 + this.#bytes.readUInt32BE(start + 4)
  }

  #utf8(column: CopyColumn): string {
    const start = this.#starts[column] ?? 0
    return this.#bytes.toString('utf8', start, start + Math.max(0, this.#sizes[column] ?? 0))
  }

  /** Locates the columns of the row that begins at `from`. @returns Its end. Undefined: the row is incomplete. */
  #locate(from: number): number | undefined {
    const bytes = this.#bytes
    if (bytes.length < from + countLength) return undefined
    const count = bytes.readInt16BE(from)
    // The end of the data.
    if (count === -1) return undefined
    if (count !== this.#columnCount) {
      throw new Error(`a row of COPY has ${count} columns instead of ${this.#columnCount}`)
    }
    let at = from + countLength
    for (let column = 0; column < count; column++) {
      if (bytes.length < at + sizeLength) return undefined
      const size = bytes.readInt32BE(at)
      at += sizeLength
      this.#starts[column] = at
      this.#sizes[column] = size
      if (size > 0) at += size
    }
    return at <= bytes.length ? at : undefined
  }
}

function requireHeader(bytes: Buffer): void {
  if (!bytes.subarray(0, signature.length).equals(signature)) {
    throw new Error('what the database sends is not the binary form of COPY: its signature is missing')
  }
  const [flags, extension] = [bytes.readUInt32BE(signature.length), bytes.readUInt32BE(signature.length + 4)]
  if (flags !== 0 || extension !== 0) {
    throw new Error(`the header of COPY has flags ${flags} and ${extension} more bytes, which nobody can read here`)
  }
}
