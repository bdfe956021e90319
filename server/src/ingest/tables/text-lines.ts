import { FileError } from './file-error.ts'
import type { ByteSource } from './byte-source.ts'
import { maxCellLength, maxColumns } from './table-file.ts'

const maxLineBytes = maxColumns * maxCellLength
const lineFeed = 0x0a
const carriageReturn = 0x0d
const byteOrderMark = 0xfe_ff

/** Lines of a text without their line breaks. */
export interface LineBatch {
  readonly lines: readonly string[]
  /** False if the last line is the last of the text and has no line break. */
  readonly hasLineEnd: boolean
}

/**
 * Reads a text in batches of lines, which end in LF, CR LF or CR. A byte order mark at the start of any line is
 * dropped, as it occurs in concatenated files.
 */
export async function* readLines(source: ByteSource, encoding: string): AsyncGenerator<LineBatch> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const piece of utf8Pieces(source, encoding)) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    const end = endOfLines(bytes)
    rest = Buffer.from(bytes.subarray(end))
    if (rest.length > maxLineBytes)
      throw new FileError(
        'too_large',
        'long_line',
        `a line is longer than ${maxLineBytes} bytes, so this is no table of rows`,
      )
    if (end > 0) yield { lines: linesOf(bytes, end), hasLineEnd: true }
  }
  if (rest.length === 0) return
  const endsInReturn = rest.at(-1) === carriageReturn
  const end = endsInReturn ? rest.length - 1 : rest.length
  yield {
    lines: linesOf(Buffer.concat([rest.subarray(0, end), Buffer.of(lineFeed)]), end + 1),
    hasLineEnd: endsInReturn,
  }
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

/** End of the last complete line; a CR at the end may be half of a CR LF. */
function endOfLines(bytes: Buffer): number {
  const lastFeed = bytes.lastIndexOf(lineFeed)
  if (lastFeed >= 0) return lastFeed + 1
  return bytes.length < 2 ? 0 : bytes.lastIndexOf(carriageReturn, -2) + 1
}

function linesOf(bytes: Buffer, end: number): string[] {
  const lines: string[] = []
  const returnAt = bytes.indexOf(carriageReturn)
  const hasReturns = returnAt >= 0 && returnAt < end
  for (let begin = 0; begin < end;) {
    const feed = bytes.indexOf(lineFeed, begin)
    const lineEnd = feed < 0 ? end : feed
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
  return line.charCodeAt(0) === byteOrderMark ? line.slice(1) : line
}
