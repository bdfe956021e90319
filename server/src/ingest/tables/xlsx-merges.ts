import { FileError } from './file-error.ts'
import type { ByteSource } from './byte-source.ts'

/** Rows of one column that are merged into one cell; both ends are inclusive and 1-based. */
export interface MergedCells {
  readonly firstRow: number
  readonly lastRow: number
  readonly column: number
}

const maxMerged = 1_000_000
const longestTag = 256
const reference = /<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]+)(\d+):[A-Z]+(\d+)"/g

/**
 * The cells of a sheet that are merged over several rows, in order. They follow the rows in the file, so a separate
 * first pass reads only them.
 */
export async function readMergedCells(sheet: Pick<ByteSource, 'pieces'>): Promise<readonly MergedCells[]> {
  const found: MergedCells[] = []
  let rest = ''
  for await (const piece of sheet.pieces()) {
    const text = rest + piece.toString('latin1')
    const matches = text.includes('mergeCell') ? text.matchAll(reference) : []
    let end = 0
    for (const { 0: tag, 1: column = '', 2: first, 3: last, index } of matches) {
      end = index + tag.length
      const [firstRow, lastRow] = [Number(first), Number(last)]
      if (lastRow > firstRow) found.push({ firstRow, lastRow, column: columnNumber(column) })
    }
    const lastTag = text.lastIndexOf('<')
    const isOpen = lastTag >= end && text.length - lastTag <= longestTag
    rest = isOpen ? text.slice(lastTag) : ''
    if (found.length > maxMerged)
      throw new FileError('too_large', 'too_complex', 'the sheet has too many merged cells; save it as CSV')
  }
  return found.toSorted((a, b) => a.firstRow - b.firstRow)
}

/** 1-based: `A` is 1, `AA` is 27. */
export function columnNumber(letters: string): number {
  let number = 0
  for (let i = 0; i < letters.length; i++) number = number * 26 + letters.charCodeAt(i) - 64
  return number
}
