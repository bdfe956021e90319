import type { XmlHandlers } from './read-xml.ts'
import { ownText } from './text-lines.ts'
import { maxColumns } from './table-file.ts'
import { isGarbled, RemarkCounts } from './table-remarks.ts'
import type { MergedCells } from './xlsx-merges.ts'
import { columnNumber } from './xlsx-merges.ts'
import type { NumberFormat } from './xlsx-values.ts'
import { numberText } from './xlsx-values.ts'
import type { Workbook } from './xlsx-workbook.ts'
import { CellText } from './xlsx-workbook.ts'

export interface SheetRow {
  readonly cells: readonly string[]
  /** 1-based row number in the sheet. */
  readonly line: number
}

/** A merged cell that continues in the next row. */
interface OpenMerge extends MergedCells {
  readonly text: string
}

const plainNumber: NumberFormat = { kind: 'number' }

/** Converts the rows of a sheet to texts as a user sees them: the value of a merged cell applies to all of its rows. */
export class SheetRows implements XmlHandlers {
  readonly part: string
  readonly remarks = new RemarkCounts()
  readonly #workbook: Workbook
  readonly #merged: readonly MergedCells[]
  #nextMerge = 0
  #open: OpenMerge[] = []
  readonly #ready: SheetRow[] = []
  readonly #text = new CellText()
  #cells: string[] = []
  #line = 0
  #column = 0
  #type = ''
  #style = 0
  #value = ''
  #inValue = false
  /** Whether the cell has a formula, and whether it has a value. */
  #has = { formula: false, value: false }

  constructor(workbook: Workbook, merged: readonly MergedCells[]) {
    this.part = workbook.part
    this.#workbook = workbook
    this.#merged = merged
  }

  /** Returns the complete rows. */
  taken(): readonly SheetRow[] {
    return this.#ready.splice(0)
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') {
      this.#line = Number(attributes['r'] ?? this.#line + 1)
      this.#cells = []
      this.#column = 0
    } else if (name === 'c') {
      const letters = /^[A-Z]+/.exec(attributes['r'] ?? '')?.[0]
      this.#column = letters === undefined ? this.#column + 1 : columnNumber(letters)
      this.#type = attributes['t'] ?? 'n'
      this.#style = Number(attributes['s'] ?? 0)
      this.#value = ''
      this.#has = { formula: false, value: false }
    } else if (name === 'v') {
      this.#inValue = true
      this.#has.value = true
    } else if (name === 'f') this.#has.formula = true
    else this.#text.open(name)
  }

  text(piece: string): void {
    if (this.#inValue) this.#value += piece
    else this.#text.add(piece)
  }

  close(name: string): void {
    if (name === 'v') this.#inValue = false
    else if (name === 'c') this.#closeCell()
    else if (name === 'row') this.#closeRow()
    else this.#text.close(name)
  }

  #closeCell(): void {
    const text = this.#cellText()
    if (this.#has.formula && !this.#has.value) this.remarks.add('formulas_empty', this.#line)
    if (isGarbled(text)) this.remarks.add('garbled_text', this.#line)
    // One column more than the limit is read, so that exceeding it is detected.
    if (text === '' || this.#column > maxColumns + 1) return
    while (this.#cells.length < this.#column - 1) this.#cells.push('')
    this.#cells[this.#column - 1] = text
  }

  #cellText(): string {
    const inline = this.#text.take()
    switch (this.#type) {
      case 's':
        return this.#workbook.texts[Number(this.#value)] ?? ''
      case 'inlineStr':
        return inline
      case 'b':
        return this.#value === '1' ? 'true' : this.#value === '0' ? 'false' : ''
      case 'e':
        this.remarks.add('formula_errors', this.#line)
        return ''
      case 'str':
      case 'd':
        return ownText(this.#value)
      default: {
        const { formats, since1904 } = this.#workbook
        return numberText(this.#value, formats[this.#style] ?? plainNumber, since1904)
      }
    }
  }

  #closeRow(): void {
    this.#fillDown()
    this.#ready.push({ cells: this.#cells, line: this.#line })
  }

  #fillDown(): void {
    const line = this.#line
    this.#open = this.#open.filter(({ lastRow }) => lastRow >= line)
    for (const { column, text } of this.#open) {
      if ((this.#cells[column - 1] ?? '') !== '' || text === '') continue
      while (this.#cells.length < column) this.#cells.push('')
      this.#cells[column - 1] = text
      this.remarks.add('merged_cells', line)
    }
    for (; ; this.#nextMerge++) {
      const merge = this.#merged[this.#nextMerge]
      if (merge === undefined || merge.firstRow > line) return
      if (merge.lastRow > line) this.#open.push({ ...merge, text: this.#cells[merge.column - 1] ?? '' })
    }
  }
}
