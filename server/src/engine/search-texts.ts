const asciiText = /^[ -~]*$/

/** Normalizes a text for searching: ignores case and the difference between full-width and plain letters. */
export function searchable(text: string): string {
  return (asciiText.test(text) ? text : text.normalize('NFKC')).toLowerCase()
}

const rowEnd = '\n'

/**
 * The texts of several rows, concatenated: searching them takes a tenth of the time of searching row by row. They are
 * rebuilt at the first search after a change.
 */
export class SearchTexts {
  #text: string | undefined
  /** Start of the text of each row. */
  #starts = new Uint32Array()

  invalidate(): void {
    this.#text = undefined
  }

  /**
   * Sets `found[row]` to 1 for every row whose text contains `part`, which must be `searchable`.
   * @param textOf returns the current text of a row; undefined if it has none.
   * @returns whether there is a match.
   */
  find(part: string, rows: number, textOf: (row: number) => string | undefined, found: Uint8Array): boolean {
    const text = (this.#text ??= this.#write(rows, textOf))
    const starts = this.#starts
    let row = 0
    let isFound = false
    for (let at = text.indexOf(part); at !== -1 && row < rows; at = text.indexOf(part, starts[row])) {
      while ((starts[row + 1] ?? text.length) <= at) row += 1
      // A match across a row boundary is not a match.
      if (at + part.length < (starts[row + 1] ?? 0)) {
        found[row] = 1
        isFound = true
      }
      // One match per row is enough; the search continues in the next row.
      row += 1
    }
    return isFound
  }

  /** If no row has a text, nothing is stored. */
  #write(rows: number, textOf: (row: number) => string | undefined): string {
    const starts = new Uint32Array(rows + 1)
    const texts: string[] = []
    let length = 0
    let hasText = false
    for (let row = 0; row < rows; row++) {
      starts[row] = length
      const own = textOf(row)
      hasText ||= own !== undefined
      const text = own === undefined ? rowEnd : `${searchable(own)}${rowEnd}`
      texts.push(text)
      length += text.length
    }
    starts[rows] = length
    this.#starts = hasText ? starts : new Uint32Array()
    return hasText ? texts.join('') : ''
  }
}
