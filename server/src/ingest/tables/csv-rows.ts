import { CellSplitter, splitLiterally } from './cell-splitter.ts'
import type { CsvDialect } from './csv-dialect.ts'
import { RowAccount } from './row-account.ts'
import { isGarbled } from './table-remarks.ts'
import type { TableRecord } from './table-file.ts'
import { maxCellLength } from './table-file.ts'

/** A row with a quoted cell that continues in the next line. */
interface OpenRow {
  readonly splitter: CellSplitter
  readonly line: number
  readonly lines: string[]
  /** Length of its open cell. */
  length: number
  cellCount: number
}

/** Reads a table line by line, and accounts for every line. */
export class CsvRows {
  readonly account: RowAccount
  /** Statistics of how well the quotes of the text fit the dialect. */
  readonly quotes = { clean: 0, inHeader: false, stray: 0, swallowed: 0, unclosed: 0, backslashes: 0 }
  readonly #dialect: CsvDialect
  #open: OpenRow | undefined

  constructor(dialect: CsvDialect) {
    this.#dialect = dialect
    this.account = new RowAccount(dialect.header)
  }

  /** Returns the rows that these lines complete. */
  add(lines: readonly string[]): readonly TableRecord[] {
    const { preambleLines, headerLines } = this.#dialect
    for (const line of lines) {
      this.account.lines.total += 1
      const number = this.account.lines.total
      if (number > preambleLines + headerLines) {
        this.#remarkCharacters(line, number)
        this.#readLine(line, number)
      } else if (number > preambleLines) this.#skipHeader(line)
      else this.account.lines[line.trim() === '' ? 'blank' : 'preamble'] += 1
    }
    return this.account.taken()
  }

  /**
   * Flushes the remaining rows.
   * @param hasLineEnd whether the text ends with a line break.
   */
  end(hasLineEnd: boolean): readonly TableRecord[] {
    while (this.#open !== undefined) this.#giveUp(this.#open, !hasLineEnd)
    return this.account.end(hasLineEnd)
  }

  #skipHeader(line: string): void {
    this.account.lines.header += 1
    if (line.includes('"')) this.quotes.inHeader = true
  }

  #remarkCharacters(line: string, number: number): void {
    if (line.includes('\uFFFD')) this.account.remarks.add('damaged_text', number, line.split('\uFFFD').length - 1)
    if (isGarbled(line)) this.account.remarks.add('garbled_text', number)
  }

  /** May be called again for a line that a quote opened above it does not reach after all. */
  #readLine(line: string, number: number): void {
    if (this.#open !== undefined) return this.#continue(this.#open, line)
    const { delimiter, quote } = this.#dialect
    if (quote === 'none' || !line.includes('"')) return this.account.take(line.split(delimiter), number, 1)
    if (line.includes(String.raw`\"`)) this.quotes.backslashes += 1
    const splitter = new CellSplitter(delimiter, quote)
    if (!splitter.add(line))
      this.#open = { splitter, line: number, lines: [line], length: 0, cellCount: splitter.cells.length }
    else if (splitter.hasStrayQuotes) this.#takeStray(splitter.cells, number, line)
    else this.#takeQuoted(splitter, number, [line])
  }

  #continue(open: OpenRow, line: string): void {
    const { splitter, lines } = open
    lines.push(line)
    open.length += line.length
    if (line.includes(String.raw`\"`)) this.quotes.backslashes += 1
    const isComplete = splitter.add(line)
    if (open.cellCount !== splitter.cells.length) open.length = 0
    open.cellCount = splitter.cells.length
    // A quote in the middle of such a cell probably opens another one, and a quote that is never closed would consume
    // the rest of the file.
    const isBroken =
      splitter.hasStrayQuotes || splitter.cells.length > this.#dialect.header.length || open.length > maxCellLength
    if (isBroken) this.#giveUp(open, false)
    else if (isComplete) this.#closeRow(open)
  }

  #closeRow(open: OpenRow): void {
    this.#open = undefined
    if (!this.#dialect.isQuoteChosen && this.#isSwallowed(open.lines)) this.#rejectSwallowed(open)
    else this.#takeQuoted(open.splitter, open.line, open.lines)
  }

  /** Whether the lines of a multi-line row look like rows themselves, because a quote closes too late. */
  #isSwallowed(lines: readonly string[]): boolean {
    const { delimiter, header } = this.#dialect
    const widths = lines.map((line) => line.split(delimiter).length)
    const [first = 0, ...more] = widths
    const last = more.pop() ?? 0
    if (first === header.length && last === header.length && header.length > 1) return true
    return header.length > 2 && first >= header.length && more.includes(header.length)
  }

  #rejectSwallowed({ line, lines }: OpenRow): void {
    this.quotes.swallowed += 1
    const message = `a quote opens in line ${line} and closes in line ${line + lines.length - 1}, but the lines between look like rows`
    for (const [i, text] of lines.entries()) {
      if (text === '') this.account.lines.blank += 1
      else this.account.reject(text.split(this.#dialect.delimiter), line + i, message, 'quotes')
      this.account.remarks.add('swallowed_lines', line + i)
    }
  }

  /** Rejects the line with a quote that is not closed properly, and reads the following lines separately. */
  #giveUp({ line, lines }: OpenRow, isCut: boolean): void {
    this.#open = undefined
    this.quotes.unclosed += 1
    const [first = '', ...rest] = lines
    this.account.remarks.add('swallowed_lines', line)
    const ends = isCut ? 'is not closed before the file ends, so the file may be cut off' : 'is never closed'
    this.account.reject(
      first.split(this.#dialect.delimiter),
      line,
      `a quote that opens in this line ${ends}`,
      isCut ? 'cut_off' : 'quotes',
    )
    for (const [i, text] of rest.entries()) this.#readLine(text, line + 1 + i)
  }

  #takeQuoted({ cells, hasQuotedCells }: CellSplitter, line: number, lines: readonly string[]): void {
    const [only = ''] = lines
    if (lines.length === 1 && !this.account.fits(cells) && this.account.fits(only.split(this.#dialect.delimiter)))
      return this.#takeStray(cells, line, only)
    if (hasQuotedCells) this.quotes.clean += 1
    this.account.take(cells, line, lines.length)
  }

  /**
   * Tries several ways to read quotes in the middle of cells and takes the first that yields the cells of the header.
   */
  #takeStray(cells: readonly string[], line: number, text: string): void {
    this.quotes.stray += 1
    this.account.remarks.add('stray_quotes', line)
    const { delimiter } = this.#dialect
    const readings = [cells, splitLiterally(text, delimiter), text.split(delimiter)]
    const fitting = readings.find((reading) => this.account.fits(reading))
    if (fitting !== undefined) return this.account.take(fitting, line, 1)
    const message = `quotes within it are not doubled, and it cannot be read as the ${this.account.width} cells of the header`
    this.account.reject(text.split(delimiter), line, message, 'quotes')
  }
}
