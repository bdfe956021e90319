import type { RejectionCause } from '@stagewatch/shared/contract/import-report.ts'
import { plural, shownText } from '../../platform/english-text.ts'
import type { Rejection } from './rejection.ts'
import { noLines } from './table-facts.ts'
import type { TableRecord } from './table-file.ts'
import type { TableRemark } from './table-remarks.ts'
import { RemarkCounts } from './table-remarks.ts'
import { ownText } from './text-lines.ts'
import type { WaitingRow } from './trailing-rows.ts'
import { isDrawnLine, TrailingRows } from './trailing-rows.ts'

/** With a smaller share, rows without a first cell are gaps rather than merged cells. */
const minMergedShare = 0.1
/** UTF-16 code units of all cells of a row. */
const longRow = 1_024
/** Longer cells are not kept. */
const maxCopied = 256
/** With a larger share, the program writes its rows shorter or longer than the header, which means nothing. */
const maxUnevenShare = 0.5

/** Numbers the rows of a table, and counts lines that are not rows: blank lines, repeated headers, totals and notes. */
export class RowAccount {
  readonly lines = noLines()
  readonly remarks = new RemarkCounts()
  /** Number of rows that do not have the cells of the header. */
  misfits = 0
  /** Number of columns without unnamed ones at the end. */
  readonly width: number
  readonly #header: readonly string[]
  readonly #trailing: TrailingRows
  readonly #ready: TableRecord[] = []
  #rows = 0
  #hasFirstCell = false
  readonly #names: readonly string[]
  readonly #lastLetters: LastLetters
  /** Those that are words, unlike the columns of a calendar. */
  readonly #words: ReadonlySet<string>
  /** The line that names other columns than the header, if the last header was that. */
  #otherHeader: number | undefined

  constructor(header: readonly string[]) {
    this.width = header.findLastIndex((name) => name !== '') + 1
    this.#header = header
    this.#names = header.map(nameKey)
    this.#lastLetters = new LastLetters(this.#names)
    this.#words = new Set(this.#names.filter((name) => /\p{L}/u.test(name)))
    this.#trailing = new TrailingRows(this.width)
  }

  get rows(): number {
    return this.#rows
  }

  /** Returns the rows that have been decided. */
  taken(): readonly TableRecord[] {
    return this.#ready.splice(0)
  }

  take(cells: readonly string[], line: number, lineCount: number): void {
    if (isBlank(cells)) this.lines.blank += lineCount
    else if (this.#isHeader(cells)) {
      this.#otherHeader = undefined
      this.lines.repeatedHeader += lineCount
      this.remarks.add('repeated_header', line)
    } else if (this.#isOtherHeader(cells)) {
      this.#otherHeader = line
      this.reject(
        cells,
        line,
        'it names other columns than the header: the file has several tables, so split it',
        'other_table',
      )
    } else if (this.#otherHeader !== undefined) {
      this.reject(
        cells,
        line,
        `it belongs to the table whose columns line ${this.#otherHeader} names; split the file`,
        'other_table',
      )
    } else for (const row of this.#trailing.add({ cells, line, lineCount })) this.#emit(row)
  }

  reject(cells: readonly string[], line: number, message: string, cause: RejectionCause): void {
    for (const row of this.#trailing.release()) this.#emit(row)
    this.#push({ cells, line }, { message, cause }, true)
  }

  /**
   * Flushes the remaining rows.
   * @param hasLineEnd whether the last row is complete.
   */
  end(hasLineEnd: boolean): readonly TableRecord[] {
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
    return this.taken()
  }

  /** Whether there are as many cells as in the header, apart from additional empty ones. */
  fits(cells: readonly string[]): boolean {
    if (cells.length === this.#header.length) return true
    return cells.length >= this.width && cells.findLastIndex((cell) => cell !== '') < this.width
  }

  /** Rows of a text file that are shorter or longer than the header, unless most are. */
  unevenRemark(): TableRemark | undefined {
    if (this.remarks.count('uneven_rows') > this.#rows * maxUnevenShare) return undefined
    return this.remarks.remark(
      'uneven_rows',
      (count, places) =>
        `${plural(count, 'row')} with more or fewer cells than the header (${places}), read as if the last ones were empty; if a cell is missing, or a delimiter stands in a text without quotes, the cells after it are in the wrong columns`,
    )
  }

  /** Remarks that apply to a table in any format. */
  commonRemarks(): readonly (TableRemark | undefined)[] {
    const firstName = shownText(this.#header[0] ?? '')
    const areMerged = this.remarks.count('merged_cells') >= this.#rows * minMergedShare
    return [
      this.remarks.remark(
        'repeated_header',
        (count, places) => `${plural(count, 'line')} repeating the header skipped (${places})`,
      ),
      areMerged
        ? this.remarks.remark(
            'merged_cells',
            (count, places) =>
              `this looks like merged cells: column ${firstName} is empty in ${plural(count, 'row')} below a filled one (${places}); fill it down in the spreadsheet, or import the workbook (.xlsx) with its merged cells`,
            { column: firstName },
          )
        : undefined,
      this.#rows === 0 && this.lines.header > 0
        ? { code: 'no_rows', count: 1, lines: [], text: 'the file has a header and no rows' }
        : undefined,
    ]
  }

  #isHeader(cells: readonly string[]): boolean {
    const [first = ''] = cells
    if (cells.length !== this.#header.length || !this.#lastLetters.mayEnd(first)) return false
    return this.#names.every((name, i) => nameKey(cells[i] ?? '') === name)
  }

  /** Whether most cells are names of the header, which other rows do not repeat. */
  #isOtherHeader(cells: readonly string[]): boolean {
    let [filled, known] = [0, 0]
    for (const cell of cells) {
      if (cell === '') continue
      filled += 1
      if (this.#lastLetters.mayEnd(cell) && this.#words.has(nameKey(cell))) known += 1
      // Two cells that are no names are enough to rule out most rows at once.
      else if (filled - known > 1 && known === 0) return false
    }
    return known >= minKnownNames && 2 * known > filled
  }

  #emit({ cells, line, lineCount }: WaitingRow, hasLineEnd = true): void {
    if (isDrawnLine(cells)) {
      this.lines.blank += lineCount
      return
    }
    if (!this.fits(cells)) this.misfits += 1
    if (cells.length !== this.#header.length) this.remarks.add('uneven_rows', line)
    if (cells[0] !== '') this.#hasFirstCell = true
    else if (this.#hasFirstCell && this.#header[0] !== '') this.remarks.add('merged_cells', line)
    this.lines.rows += 1
    this.lines.continuation += lineCount - 1
    this.#rows += 1
    this.#ready.push({ row: this.#rows, line, cells: detached(cells), problem: undefined, hasLineEnd })
  }

  /** Emits the last row, which may be incomplete because no line break follows it. */
  #emitLast(row: WaitingRow): void {
    const { cells, line, lineCount } = row
    if (cells.length >= this.width) return this.#emit(row, false)
    this.remarks.add('cut_off', line)
    this.lines.continuation += lineCount - 1
    const message = `the file ends within this row: it has ${cells.length} of ${this.width} cells and no line end`
    this.#push(row, { message, cause: 'cut_off' }, false)
  }

  #push(
    { cells, line }: Pick<WaitingRow, 'cells' | 'line'>,
    why: Pick<Rejection, 'message' | 'cause'>,
    hasLineEnd: boolean,
  ): void {
    const problem: Rejection = { code: 'bad_request', field: '', ...why }
    this.lines.rejected += 1
    this.#rows += 1
    this.#ready.push({ row: this.#rows, line, cells, problem, hasLineEnd })
  }
}

/** The same cells, of which the short ones of a long row are copied: order numbers are kept long after their rows. */
function detached(cells: readonly string[]): readonly string[] {
  let characters = 0
  for (const cell of cells) characters += cell.length
  if (characters < longRow) return cells
  return cells.map((cell) => (cell.length > maxCopied ? cell : ownText(cell)))
}

/** Rules out most cells as names of the header, at a fraction of the cost of comparing their keys. */
class LastLetters {
  /** The ASCII characters that a name ends with. */
  readonly #ends = new Uint8Array(128)

  /** @param names keys of the header. */
  constructor(names: readonly string[]) {
    for (const name of names) {
      for (const last of [name.slice(-1), name.slice(-1).toUpperCase()]) this.#ends[last.charCodeAt(0)] = 1
    }
  }

  /** False if the cell is no name. Only an ASCII character other than whitespace is certain to end the cell's key. */
  mayEnd(cell: string): boolean {
    const last = cell.charCodeAt(cell.length - 1)
    return !(last > 0x20 && last < this.#ends.length) || this.#ends[last] === 1
  }
}

/** With fewer names of the header, a row is no header itself. */
const minKnownNames = 2

function nameKey(name: string): string {
  return name.trim().toLowerCase()
}

function isBlank(cells: readonly string[]): boolean {
  return (cells[0] ?? '').trim() === '' && cells.every((cell) => cell.trim() === '')
}
