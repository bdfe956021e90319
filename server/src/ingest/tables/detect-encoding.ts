import { isUtf8 } from 'node:buffer'
import type { ByteSource } from './byte-source.ts'
import type { FoundEncoding } from './byte-patterns.ts'
import { BytePatterns } from './byte-patterns.ts'
import { LetterPatterns } from './letter-patterns.ts'

export interface ByteSurvey {
  /** Undefined if the bytes are not text. */
  readonly encoding: FoundEncoding | undefined
  readonly hasQuotes: boolean
}

const quoteByte = 0x22
/** Text may have a few NUL bytes in damaged cells; UTF-16 has one for every ASCII character. */
const maxNulShare = 0.02
const minNulShareOfUtf16 = 0.1

/**
 * Reads all bytes once and decides on the encoding: a byte order mark, or else UTF-8 if every byte is valid, or else
 * the encoding that the non-ASCII bytes resemble most and whose languages have these letters, for which the bytes are
 * read a second time.
 */
export async function surveyBytes(source: ByteSource, chosen: string | undefined): Promise<ByteSurvey> {
  const utf8 = new Utf8Check()
  let utf16: FoundEncoding | undefined
  let hasQuotes = false
  let length = 0
  let nulBytes = 0
  for await (const piece of source.pieces()) {
    if (length === 0) utf16 = detectUtf16(piece)
    length += piece.length
    hasQuotes ||= piece.includes(quoteByte)
    if (utf16 !== undefined || chosen !== undefined) continue
    utf8.add(piece)
    if (piece.includes(0)) nulBytes += countNul(piece, 0, 1)
  }
  if (chosen !== undefined) return { encoding: { name: chosen, certainty: 'chosen' }, hasQuotes }
  if (utf16 !== undefined) return { encoding: utf16, hasQuotes }
  if (nulBytes > length * maxNulShare) return { encoding: undefined, hasQuotes }
  if (utf8.isValid()) return { encoding: { name: 'utf-8', certainty: 'valid' }, hasQuotes }
  const patterns = new BytePatterns()
  const letters = new LetterPatterns()
  for await (const piece of source.pieces()) {
    patterns.add(piece)
    letters.add(piece)
  }
  return { encoding: letters.settle(patterns.estimate()), hasQuotes }
}

/** Detects UTF-16 by its byte order mark, or by NUL bytes on one side of ASCII characters. */
function detectUtf16(head: Buffer): FoundEncoding | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return { name: 'utf-16le', certainty: 'marked' }
  if (head[0] === 0xfe && head[1] === 0xff) return { name: 'utf-16be', certainty: 'marked' }
  if (!head.includes(0)) return undefined
  const [even, odd] = [countNul(head, 0, 2), countNul(head, 1, 2)]
  const enough = (head.length / 2) * minNulShareOfUtf16
  if (odd > enough && even * 20 < odd) return { name: 'utf-16le', certainty: 'likely' }
  if (even > enough && odd * 20 < even) return { name: 'utf-16be', certainty: 'likely' }
  return undefined
}

function countNul(bytes: Buffer, start: number, step: number): number {
  let count = 0
  for (let i = start; i < bytes.length; i += step) if (bytes[i] === 0) count += 1
  return count
}

/** Checks whether pieces together are UTF-8, wherever they are split. */
class Utf8Check {
  #rest: Buffer = Buffer.alloc(0)
  #valid = true

  add(piece: Buffer): void {
    if (!this.#valid) return
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece])
    const end = bytes.length - openBytes(bytes)
    this.#valid = isUtf8(bytes.subarray(0, end))
    this.#rest = Buffer.from(bytes.subarray(end))
  }

  isValid(): boolean {
    return this.#valid && this.#rest.length === 0
  }
}

/** Number of bytes at the end that start a character continuing in the next piece. */
function openBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte < 0xc0) continue
    const size = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
    return size > back ? back : 0
  }
  return 0
}
