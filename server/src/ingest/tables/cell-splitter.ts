import type { QuoteStyle } from './table-facts.ts'

/**
 * Splits the lines of one row into cells. A quote counts at the beginning of a cell; the cell goes on, over line ends
 * too, until a quote before a delimiter or a line end. Other quotes within it belong to its text: then `hasStrayQuotes`.
 */
export class CellSplitter {
  readonly cells: string[] = []
  hasStrayQuotes = false
  hasQuotedCells = false
  /** Of the cell that is still open: its lines so far. */
  #open: string[] | undefined
  readonly #delimiter: string
  readonly #style: QuoteStyle

  constructor(delimiter: string, style: QuoteStyle) {
    this.#delimiter = delimiter
    this.#style = style
  }

  /** False: a quoted cell is open, and the next line belongs to it. */
  add(line: string): boolean {
    let at = 0
    if (this.#open !== undefined) {
      const close = this.#findClose(line, 0)
      if (close < 0) {
        this.#open.push(line)
        return false
      }
      this.cells.push(this.#unescaped([...this.#open, line.slice(0, close)].join('\n')))
      this.#open = undefined
      at = this.#afterClose(line, close)
    }
    while (at <= line.length) {
      if (line[at] === '"') {
        const close = this.#findClose(line, at + 1)
        if (close < 0) {
          this.#open = [line.slice(at + 1)]
          return false
        }
        this.cells.push(this.#unescaped(line.slice(at + 1, close)))
        at = this.#afterClose(line, close)
        continue
      }
      const end = line.indexOf(this.#delimiter, at)
      this.cells.push(end < 0 ? line.slice(at) : line.slice(at, end))
      at = end < 0 ? line.length + 1 : end + 1
    }
    return true
  }

  /** Where the quote is that closes a cell; -1: not in this line. */
  #findClose(line: string, from: number): number {
    for (let at = from; ; at++) {
      at = line.indexOf('"', at)
      if (at < 0) return -1
      if (this.#style === 'backslash') {
        if (isEscaped(line, at, from)) continue
      } else if (line[at + 1] === '"') {
        at += 1
        continue
      }
      if (at + 1 === line.length || line[at + 1] === this.#delimiter) return at
      if (this.#isBlankBeforeDelimiter(line, at + 1)) return at
      this.hasStrayQuotes = true
    }
  }

  #isBlankBeforeDelimiter(line: string, from: number): boolean {
    let at = from
    while (line[at] === ' ') at += 1
    return at > from && (at === line.length || line[at] === this.#delimiter)
  }

  /** Where the next cell begins; beyond the line when there is none. */
  #afterClose(line: string, close: number): number {
    this.hasQuotedCells = true
    let at = close + 1
    while (at < line.length && line[at] !== this.#delimiter) at += 1
    return at + 1
  }

  #unescaped(text: string): string {
    if (this.#style === 'backslash') return text.includes('\\') ? text.replaceAll(/\\(["\\])/g, '$1') : text
    return text.includes('"') ? text.replaceAll('""', '"') : text
  }
}

/** Splits a line of which a cell has quotes in the middle: the cell is then taken as it stands. */
export function splitLiterally(line: string, delimiter: string): string[] {
  const cells: string[] = []
  for (let at = 0; at <= line.length;) {
    let end = line.indexOf(delimiter, at)
    if (line[at] === '"') {
      const close = line.indexOf('"', at + 1)
      if (close > 0 && (close + 1 === line.length || line[close + 1] === delimiter)) {
        cells.push(line.slice(at + 1, close))
        at = close + 2
        continue
      }
    }
    if (end < 0) end = line.length
    cells.push(line.slice(at, end))
    at = end + 1
  }
  return cells
}

/** Whether an odd number of backslashes stands before. */
function isEscaped(line: string, at: number, from: number): boolean {
  let backslashes = 0
  while (at - 1 - backslashes >= from && line[at - 1 - backslashes] === '\\') backslashes += 1
  return backslashes % 2 === 1
}
