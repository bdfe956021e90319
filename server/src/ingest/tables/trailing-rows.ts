import { isTotal } from './total-names.ts'

/** A row that has been read but not yet classified. */
export interface WaitingRow {
  readonly cells: readonly string[]
  readonly line: number
  readonly lineCount: number
}

/** With more than this many lines after the last row, they are malformed rows. */
const maxNotes = 20
const rule = /^[-=_*~—─]{3,}/
const stroke = /[-=_*~\p{Pd}─━═]{3}/u
/** Cells of nothing but lines, as consoles and SAP draw them. */
const drawn = /^[-=_+*~:|\s\p{Pd}─━═┼╪]*$/u

/**
 * Holds back the last row and subsequent lines that look like totals or notes, until it is known whether rows follow.
 */
export class TrailingRows {
  readonly #width: number
  #waiting: WaitingRow[] = []
  #notes = 0

  /** @param width number of cells in a row, without trailing empty ones */
  constructor(width: number) {
    this.#width = width
  }

  /** Returns the rows that are no longer held back. */
  add(row: WaitingRow): readonly WaitingRow[] {
    if (this.#isNote(row.cells) && this.#notes < maxNotes) {
      this.#waiting.push(row)
      this.#notes += 1
      return []
    }
    const decided = this.release()
    this.#waiting = [row]
    return decided
  }

  /** Releases the held rows, because a line that is not a note follows. */
  release(): readonly WaitingRow[] {
    const decided = this.#waiting
    this.#waiting = []
    this.#notes = 0
    return decided
  }

  /** @param isCut whether the file ends within the last row, or directly after it */
  end(isCut: boolean): { readonly rows: readonly WaitingRow[]; readonly notes: readonly WaitingRow[] } {
    const [only] = this.#waiting.slice(this.#waiting.length - this.#notes)
    // A line with only a first cell may also be the start of a truncated row.
    const isBeginning = isCut && this.#notes === 1 && only !== undefined && !isTotalOrRule(only.cells)
    const rowCount = this.#waiting.length - (isBeginning ? 0 : this.#notes)
    return { rows: this.#waiting.slice(0, rowCount), notes: this.#waiting.slice(rowCount) }
  }

  #isNote(cells: readonly string[]): boolean {
    if (this.#width < 3) return false
    const isNarrow = cells.length < this.#width
    if (!isNarrow && !cells.includes('')) return false
    return cells.length === 1 || (isNarrow && this.#notes > 0) || isTotalOrRule(cells) || isSentence(cells)
  }
}

/** Whether a row has only a first cell, of several words: `Anzahl: 2`, `2 rows selected.` */
function isSentence(cells: readonly string[]): boolean {
  const [first = '', ...more] = cells
  return /\S\s+\S/.test(first) && more.every((cell) => cell.trim() === '')
}

/** Whether a row is a line that was drawn between rows. */
export function isDrawnLine(cells: readonly string[]): boolean {
  return cells.some((cell) => stroke.test(cell)) && cells.every((cell) => drawn.test(cell))
}

function isTotalOrRule(cells: readonly string[]): boolean {
  const first = cells.find((cell) => cell.trim() !== '')?.trim() ?? ''
  return rule.test(first) || isTotal(first)
}
