/** A row between its reading and the decision what it is. */
export interface WaitingRow {
  readonly cells: readonly string[]
  readonly line: number
  readonly lineCount: number
}

/** More lines than these after the last row are rows that are wrong. */
const maxNotes = 20
const rule = /^[-=_*~—─]{3,}/
const totalName = /^(合计|总计|小计|总和|(grand |sub)?total|sum|summe|gesamt|zwischensumme)\s*[:：]?$/i

/**
 * Holds back the last row and the lines after it that look like totals or notes, until it is known whether rows follow.
 */
export class TrailingRows {
  readonly #width: number
  #waiting: WaitingRow[] = []
  #notes = 0

  /** @param width how many cells a row has, without empty ones at its end */
  constructor(width: number) {
    this.#width = width
  }

  /** The rows that no longer wait. */
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

  /** The rows that wait, because something follows that is no note. */
  release(): readonly WaitingRow[] {
    const decided = this.#waiting
    this.#waiting = []
    this.#notes = 0
    return decided
  }

  /** @param isCut the file ends within the last row, or right after it */
  end(isCut: boolean): { readonly rows: readonly WaitingRow[]; readonly notes: readonly WaitingRow[] } {
    const [only] = this.#waiting.slice(this.#waiting.length - this.#notes)
    // A first cell and no more may as well be the beginning of a row.
    const isBeginning = isCut && this.#notes === 1 && only !== undefined && !isTotalOrRule(only.cells)
    const rowCount = this.#waiting.length - (isBeginning ? 0 : this.#notes)
    return { rows: this.#waiting.slice(0, rowCount), notes: this.#waiting.slice(rowCount) }
  }

  #isNote(cells: readonly string[]): boolean {
    if (this.#width < 3) return false
    const isNarrow = cells.length < this.#width
    if (!isNarrow && !cells.includes('')) return false
    return cells.length === 1 || (isNarrow && this.#notes > 0) || isTotalOrRule(cells)
  }
}

function isTotalOrRule(cells: readonly string[]): boolean {
  const first = cells.find((cell) => cell.trim() !== '')?.trim() ?? ''
  return rule.test(first) || totalName.test(first)
}
