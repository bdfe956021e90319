import { FileError } from './file-error.ts'
import type { ByteSource } from './byte-source.ts'
import { maxCellLength, maxColumns } from './table-file.ts'

const maxLineBytes = maxColumns * maxCellLength
const lineFeed = 0x0a
const carriageReturn = 0x0d
const byteOrderMark = 0xfe_ff
/** V8 keeps a whole string in memory while a substring of at least this length is in use. */
const sharedLength = 13

/** Lines of a text without their line breaks. */
export interface LineBatch {
  readonly lines: readonly string[]
  /** False if the last line is the last of the text and has no line break. */
  readonly hasLineEnd: boolean
}

/**
 * Reads a text in batches of lines, which end in LF, CR LF or CR. Byte order marks at the start of any line are
 * dropped, as they occur in concatenated files and in those that were saved twice.
 */
export async function* readLines(source: ByteSource, encoding: string): AsyncGenerator<LineBatch> {
  // Pieces of a line without an end yet. They are joined once, so that a long line costs no more than reading it.
  let rest: Buffer[] = []
  let restBytes = 0
  for await (const piece of utf8Pieces(source, encoding)) {
    if (piece.length === 0) continue
    const end = endOfLines(piece, rest.at(-1)?.at(-1) === carriageReturn)
    const complete = end === undefined ? undefined : Buffer.concat([...rest, piece.subarray(0, end)])
    const begun = end === undefined ? piece : Buffer.from(piece.subarray(end))
    if (end !== undefined) [rest, restBytes] = [[], 0]
    if (begun.length > 0) rest.push(begun)
    restBytes += begun.length
    if (restBytes > maxLineBytes)
      throw new FileError(
        'too_large',
        'long_line',
        `a line is longer than ${maxLineBytes} bytes, so this is no table of rows`,
      )
    if (complete !== undefined) yield { lines: linesOf(complete), hasLineEnd: true }
  }
  if (restBytes === 0) return
  const last = Buffer.concat(rest)
  const endsInReturn = last.at(-1) === carriageReturn
  const text = endsInReturn ? last.subarray(0, -1) : last
  yield { lines: linesOf(Buffer.concat([text, Buffer.of(lineFeed)])), hasLineEnd: endsInReturn }
}

/** Lines are decoded from UTF-8, because a substring of a longer string would keep the whole string in memory. */
async function* utf8Pieces(source: ByteSource, encoding: string): AsyncGenerator<Buffer> {
  if (encoding === 'utf-8') {
    yield* source.pieces()
    return
  }
  const decoder = new TextDecoder(encoding)
  for await (const piece of source.pieces()) yield Buffer.from(decoder.decode(piece, { stream: true }))
  yield Buffer.from(decoder.decode())
}

/**
 * End of the last complete line in the piece, or undefined if none ends there. A CR at the end may be half of a CR LF.
 */
function endOfLines(piece: Buffer, isAfterReturn: boolean): number | undefined {
  const lastFeed = piece.lastIndexOf(lineFeed)
  if (lastFeed >= 0) return lastFeed + 1
  const lastReturn = piece.length < 2 ? -1 : piece.lastIndexOf(carriageReturn, -2)
  if (lastReturn >= 0) return lastReturn + 1
  return isAfterReturn ? 0 : undefined
}

function linesOf(bytes: Buffer): string[] {
  const lines: string[] = []
  const hasReturns = bytes.includes(carriageReturn)
  for (let begin = 0; begin < bytes.length;) {
    const feed = bytes.indexOf(lineFeed, begin)
    const lineEnd = feed < 0 ? bytes.length : feed
    const text = bytes.toString(
      'utf8',
      begin,
      hasReturns && bytes[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd,
    )
    if (hasReturns && text.includes('\r')) for (const line of text.split('\r')) lines.push(withoutMark(line))
    else lines.push(withoutMark(text))
    begin = lineEnd + 1
  }
  return lines
}

function withoutMark(line: string): string {
  let from = 0
  while (line.charCodeAt(from) === byteOrderMark) from += 1
  return from === 0 ? line : line.slice(from)
}

/** Copies a text that is kept, so that it does not keep the line or the piece of the file that it comes from in memory. */
export function ownText(text: string): string {
  return text.length < sharedLength ? text : Buffer.from(text).toString()
}
