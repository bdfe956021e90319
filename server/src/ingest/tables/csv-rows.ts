import type { Rejection } from '../files/rejection.ts'
import { CellSplitter, splitLiterally } from './cell-splitter.ts'
import type { CsvDialect } from './csv-dialect.ts'
import { noLines } from './table-facts.ts'
import type { TableRecord } from './table-file.ts'
import { maxCellLength } from './table-file.ts'
import { RemarkCounts } from './table-remarks.ts'
import type { WaitingRow } from './trailing-rows.ts'
import { TrailingRows } from './trailing-rows.ts'

/** A row whose quoted cell goes on in the next line. */
interface OpenRow {
  readonly splitter: CellSplitter
  readonly line: number
  readonly lines: string[]
  /** Of its open cell. */
  length: number
  cellCount: number
}

/** Reads a table line by line, and accounts for every line. */
export class CsvRows {
  readonly lines = noLines()
  readonly remarks = new RemarkCounts()
  /** How well the quotes of the text fit the dialect. */
  readonly quotes = { clean: 0, inHeader: false, stray: 0, swallowed: 0, unclosed: 0, backslashes: 0, misfits: 0 }
  readonly #dialect: CsvDialect
  /** Without columns at the end that have no name. */
  readonly #width: number
  readonly #trailing: TrailingRows
  readonly #ready: TableRecord[] = []
  #open: OpenRow | undefined
  #rows = 0
  #hasFirstCell = false

  constructor(dialect: CsvDialect) {
    this.#dialect = dialect
    this.#width = dialect.header.findLastIndex((name) => name !== '') + 1
    this.#trailing = new TrailingRows(this.#width)
  }

  get rows(): number {
    return this.#rows
  }

  /** The rows that these lines complete. */
  add(lines: readonly string[]): readonly TableRecord[] {
    const { preambleLines, headerLines } = this.#dialect
    for (const line of lines) {
      this.lines.total += 1
      const number = this.lines.total
      if (number > preambleLines + headerLines) this.#readLine(line, number)
      else if (number > preambleLines) this.#skipHeader(line)
      else this.lines[line.trim() === '' ? 'blank' : 'preamble'] += 1
    }
    return this.#ready.splice(0)
  }

  /** The rows that waited for the end. `hasLineEnd`: the text ends with the end of a line. */
  end(hasLineEnd: boolean): readonly TableRecord[] {
    while (this.#open !== undefined) this.#giveUp(this.#open, !hasLineEnd)
    const { rows, notes } = this.#trailing.end(!hasLineEnd)
    for (const [i, row] of rows.entries()) {
      const isLast = i === rows.length - 1 && notes.length === 0
      if (hasLineEnd || !isLast) this.#emit(row)
      else this.#emitLast(row)
    }
    for (const { line, lineCount } of notes) {
      this.lines.trailing += lineCount
      this.remarks.add('trailing_lines', line)
    }
    return this.#ready.splice(0)
  }

  #skipHeader(line: string): void {
    this.lines.header += 1
    if (line.includes('"')) this.quotes.inHeader = true
  }

  #readLine(line: string, number: number): void {
    if (line.includes('\uFFFD')) this.remarks.add('damaged_text', number, line.split('\uFFFD').length - 1)
    if (this.#open !== undefined) return this.#continue(this.#open, line)
    const { delimiter, quote } = this.#dialect
    if (quote === 'none' || !line.includes('"')) return this.#take(line.split(delimiter), number, 1)
    if (line.includes(String.raw`\"`)) this.quotes.backslashes += 1
    const splitter = new CellSplitter(delimiter, quote)
    if (!splitter.add(line))
      this.#open = { splitter, line: number, lines: [line], length: 0, cellCount: splitter.cells.length }
    else if (splitter.hasStrayQuotes) this.#takeStray(splitter, number, line)
    else this.#takeQuoted(splitter, number, 1)
  }

  #continue(open: OpenRow, line: string): void {
    open.lines.push(line)
    open.length += line.length
    if (line.includes(String.raw`\"`)) this.quotes.backslashes += 1
    if (open.splitter.add(line)) {
      this.#open = undefined
      // A quote in the middle of such a cell is rather the beginning of another.
      if (open.splitter.hasStrayQuotes) this.#giveUp(open, false)
      else if (this.#isSwallowed(open.lines)) this.#rejectSwallowed(open)
      else this.#takeQuoted(open.splitter, open.line, open.lines.length)
      return
    }
    if (open.cellCount !== open.splitter.cells.length) open.length = 0
    open.cellCount = open.splitter.cells.length
    // Such a cell would be rejected anyway, and a quote that is never closed would gather the rest of the file.
    if (open.length > maxCellLength) this.#giveUp(open, false)
  }

  /** The lines of a row whose quotes close too late look like rows themselves. */
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
      if (text === '') this.lines.blank += 1
      else this.#reject(text, line + i, message)
      this.remarks.add('swallowed_lines', line + i)
    }
  }

  /** Rejects the line that opens a quote which is not closed as it should, and reads the lines after it by themselves. */
  #giveUp({ line, lines }: OpenRow, isCut: boolean): void {
    this.#open = undefined
    this.quotes.unclosed += 1
    const [first = '', ...rest] = lines
    this.remarks.add('swallowed_lines', line)
    const ends = isCut ? 'is not closed before the file ends, so the file may be cut off' : 'is never closed'
    this.#reject(first, line, `a quote that opens in this line ${ends}`)
    for (const [i, text] of rest.entries()) this.#readLine(text, line + 1 + i)
  }

  #takeQuoted({ cells, hasQuotedCells }: CellSplitter, line: number, lineCount: number): void {
    if (hasQuotedCells) this.quotes.clean += 1
    this.#take(cells, line, lineCount)
  }

  /** Of the two ways to read quotes in the middle of a cell, the one that gives the cells of the header. */
  #takeStray(splitter: CellSplitter, line: number, text: string): void {
    this.quotes.stray += 1
    this.remarks.add('stray_quotes', line)
    const fitting = [splitter.cells, splitLiterally(text, this.#dialect.delimiter)].find((cells) => this.#fits(cells))
    if (fitting !== undefined) return this.#take(fitting, line, 1)
    const message = `quotes within it are not doubled, and it cannot be read as the ${this.#width} cells of the header`
    this.#reject(text, line, message)
  }

  #fits(cells: readonly string[]): boolean {
    if (cells.length === this.#dialect.header.length) return true
    return cells.length >= this.#width && cells.findLastIndex((cell) => cell !== '') < this.#width
  }

  #take(cells: readonly string[], line: number, lineCount: number): void {
    if (isBlank(cells)) {
      this.lines.blank += lineCount
      return
    }
    if (this.#isHeader(cells)) {
      this.lines.repeatedHeader += lineCount
      this.remarks.add('repeated_header', line)
      return
    }
    for (const row of this.#trailing.add({ cells, line, lineCount })) this.#emit(row)
  }

  #isHeader(cells: readonly string[]): boolean {
    const { header } = this.#dialect
    return (
      cells[0]?.trim() === header[0] &&
      cells.length === header.length &&
      header.every((name, i) => cells[i]?.trim() === name)
    )
  }

  #emit({ cells, line, lineCount }: WaitingRow, hasLineEnd = true): void {
    if (!this.#fits(cells)) this.quotes.misfits += 1
    if (cells[0] !== '') this.#hasFirstCell = true
    else if (this.#hasFirstCell) this.remarks.add('merged_cells', line)
    this.lines.rows += 1
    this.lines.continuation += lineCount - 1
    this.#rows += 1
    this.#ready.push({ row: this.#rows, line, cells, problem: undefined, hasLineEnd })
  }

  /** The last row, which no line end shows to be whole. */
  #emitLast(row: WaitingRow): void {
    const { cells, line, lineCount } = row
    if (cells.length >= this.#width) return this.#emit(row, false)
    this.remarks.add('cut_off', line)
    this.lines.continuation += lineCount - 1
    const message = `the file ends within this row: it has ${cells.length} of ${this.#width} cells and no line end`
    this.#push(cells, line, message, false)
  }

  /** As a row of its own, so that every line that is not read has its number in the report. */
  #reject(text: string, line: number, message: string): void {
    for (const row of this.#trailing.release()) this.#emit(row)
    this.#push(text.split(this.#dialect.delimiter), line, message, true)
  }

  #push(cells: readonly string[], line: number, message: string, hasLineEnd: boolean): void {
    const problem: Rejection = { code: 'bad_request', field: '', message }
    this.lines.rejected += 1
    this.#rows += 1
    this.#ready.push({ row: this.#rows, line, cells, problem, hasLineEnd })
  }
}

function isBlank(cells: readonly string[]): boolean {
  return cells[0]?.trim() === '' && cells.every((cell) => cell.trim() === '')
}
