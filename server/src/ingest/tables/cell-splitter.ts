import type { QuoteStyle } from './table-facts.ts'

/**
 * Splits the lines of one row into cells. A quote at the start of a cell opens a quoted cell, which continues, even
 * across line breaks, until a quote before a delimiter or a line break. Other quotes within it belong to its text and
 * set `hasStrayQuotes`.
 */
export class CellSplitter {
  readonly cells: string[] = []
  hasStrayQuotes = false
  hasQuotedCells = false
  /** Lines so far of the quoted cell that is still open. */
  #open: string[] | undefined
  readonly #delimiter: string
  readonly #style: QuoteStyle

  constructor(delimiter: string, style: QuoteStyle) {
    this.#delimiter = delimiter
    this.#style = style
  }

  /** Returns false if a quoted cell is still open, so that the next line belongs to it. */
  add(line: string): boolean {
    let at = 0
    if (this.#open !== undefined) {
      const close = this.#findClose(line, 0)
      if (close < 0) {
        this.#open.push(line)
        return false
      }
      this.cells.push(this.#unescaped([...this.#open, line.slice(0, close)].join('\n')))
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

  /** Index of the quote that closes a cell; -1 if it is not in this line. */
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

  /** Index where the next cell starts; past the end of the line if there is none. */
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

/** Splits a line with quotes in the middle of a cell, taking such a cell literally. */
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

/** Whether the quote is preceded by an odd number of backslashes. */
function isEscaped(line: string, at: number, from: number): boolean {
  let backslashes = 0
  while (at - 1 - backslashes >= from && line[at - 1 - backslashes] === '\\') backslashes += 1
  return backslashes % 2 === 1
}
