import { TextCache } from './text-cache.ts'

/** Signature, flags and the length of an extension that is never there. */
const headerLength = 19
const countLength = 2
const sizeLength = 4
/** PostgreSQL counts microseconds since 2000. */
const epoch2000Ms = Date.UTC(2000, 0, 1)
const nothing = Buffer.alloc(0)

/** A row as it is being read; what it says is gone when the next one comes. */
export interface CopyRow {
  isNull(column: number): boolean
  /** Empty for null. */
  text(column: number): string
  /** The same for a text that many rows have. */
  commonText(column: number): string
  /** Whether it is this text, of characters of one byte; false says nothing. */
  isText(column: number, text: string): boolean
  /** Undefined for null. */
  textOrUndefined(column: number): string | undefined
  /** Of `int4`. */
  integer(column: number): number
  /** Of `int8`, up to 2^53. */
  bigint(column: number): number
  boolean(column: number): boolean
  /** Of `timestamptz`, epoch ms; undefined for null. */
  instant(column: number): number | undefined
  /** Of `jsonb`; undefined for null. */
  json(column: number): unknown
}

/**
 * Reads the binary form of COPY (https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"), which comes in
 * pieces of any size.
 */
export class CopyReader implements CopyRow {
  readonly #onRow: (row: CopyRow) => void
  readonly #texts = new TextCache()
  #bytes: Buffer = nothing
  #hasBegun = false
  #starts = new Int32Array(32)
  /** −1: null. */
  #sizes = new Int32Array(32)

  constructor(onRow: (row: CopyRow) => void) {
    this.#onRow = onRow
  }

  take(piece: Uint8Array): void {
    const bytes = Buffer.isBuffer(piece) ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes])
    let at = 0
    if (!this.#hasBegun) {
      if (this.#bytes.length < headerLength) return
      this.#hasBegun = true
      at = headerLength
    }
    for (let end = this.#locate(at); end !== undefined; end = this.#locate(at)) {
      this.#onRow(this)
      at = end
    }
    this.#bytes = at === this.#bytes.length ? nothing : this.#bytes.subarray(at)
  }

  isNull(column: number): boolean {
    return (this.#sizes[column] ?? -1) < 0
  }

  text(column: number): string {
    const start = this.#starts[column] ?? 0
    return this.#bytes.toString('utf8', start, start + Math.max(0, this.#sizes[column] ?? 0))
  }

  commonText(column: number): string {
    const start = this.#starts[column] ?? 0
    return this.#texts.decode(this.#bytes, start, start + Math.max(0, this.#sizes[column] ?? 0))
  }

  isText(column: number, text: string): boolean {
    if (this.#sizes[column] !== text.length) return false
    const start = this.#starts[column] ?? 0
    for (let i = 0; i < text.length; i++) if (this.#bytes[start + i] !== text.charCodeAt(i)) return false
    return true
  }

  textOrUndefined(column: number): string | undefined {
    return this.isNull(column) ? undefined : this.text(column)
  }

  integer(column: number): number {
    return this.#bytes.readInt32BE(this.#starts[column])
  }

  bigint(column: number): number {
    const start = this.#starts[column] ?? 0
    return this.#bytes.readInt32BE(start) * 2 ** 32 + this.#bytes.readUInt32BE(start + 4)
  }

  boolean(column: number): boolean {
    return this.#bytes[this.#starts[column] ?? 0] === 1
  }

  instant(column: number): number | undefined {
    return this.isNull(column) ? undefined : epoch2000Ms + Math.round(this.bigint(column) / 1000)
  }

  json(column: number): unknown {
    // The first byte is the version of the form, the rest is text.
    return this.isNull(column) ? undefined : JSON.parse(this.text(column).slice(1))
  }

  /** Finds the columns of the row that begins at `from`. @returns where it ends; undefined: it is not all there. */
  #locate(from: number): number | undefined {
    const bytes = this.#bytes
    if (bytes.length < from + countLength) return undefined
    const count = bytes.readInt16BE(from)
    // The end of the data.
    if (count < 0) return undefined
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
