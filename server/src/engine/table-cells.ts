import { grown } from './group-counts.ts'
import { ColumnFinder } from './time-columns.ts'
import { rowsPerBatch } from './visit-batch.ts'
import type { VisitBatch, VisitChoice } from './visit-batch.ts'
import { otherRows } from './visit-table.ts'
import type { CellPlan } from './visit-table.ts'

/** Values per packed cell: row and column. */
export const cellLength = 2

/**
 * The cells of a table with a row for each number of a dimension and columns of time. They are numbered row by row, and
 * rows are added in the order in which their numbers first occur.
 */
export class TableCells {
  readonly #plan: CellPlan
  readonly #finder: ColumnFinder
  /** Number of columns. */
  readonly width: number
  /** By number in the dimension: row index plus one, or 0 if it has no row. */
  #places = new Int32Array(64)
  /** Row index of `otherRows`. Undefined if no visit was in it. */
  #otherPlace: number | undefined
  /** Numbers of the rows, in the order of their first occurrence. */
  readonly rows: number[] = []
  /** The cell of each visit in a batch. */
  readonly #cells = new Int32Array(rowsPerBatch)

  constructor(plan: CellPlan) {
    this.#plan = plan
    const columns = plan.spans.columns.reduce((most, column) => Math.max(most, column + 1), 1)
    this.width = plan.instant === undefined ? columns : columns + 1
    this.#finder = new ColumnFinder(plan.spans, plan.instant === undefined ? undefined : columns)
  }

  get reads(): Pick<VisitChoice, 'id' | 'also'> {
    const { dimension, instant = 'leftAt' } = this.#plan
    return { id: dimension, also: this.width === 1 ? 'nothing' : instant }
  }

  get isFull(): boolean {
    return this.rows.length > this.#plan.maxRows
  }

  /** Number of cells. */
  get size(): number {
    return this.rows.length * this.width
  }

  /** Finds the cells of the visits of a batch; the next call overwrites them. */
  find(batch: VisitBatch): Int32Array {
    const { id, count } = batch
    const cells = this.#cells
    const addKnown = (from: number): number =>
      this.width === 1 ? this.#writeKnownRows(id, count, from) : this.#addKnownRows(id, count, from)
    if (this.width > 1 || this.#plan.dimension === 'all') this.#writeColumns(batch)
    if (this.#plan.dimension === 'all') this.#placeOf(0)
    else {
      for (let place = addKnown(0); place < count; place = addKnown(place + 1)) {
        const column = this.width === 1 ? 0 : (cells[place] ?? 0)
        cells[place] = column + this.#placeOf(id[place] ?? 0) * this.width
      }
    }
    return cells
  }

  /** Row and column of a cell, for another table with the same plan. */
  name(cell: number): readonly [row: number, column: number] {
    return [this.rows[Math.floor(cell / this.width)] ?? 0, cell % this.width]
  }

  /** The cell with such a name; adds a row if necessary. */
  named(row: number, column: number): number {
    return (row === otherRows ? this.#placeOfOthers() : this.#placeOf(row)) * this.width + column
  }

  /** Writes the columns of a batch into its cells. */
  #writeColumns({ leftAt, enteredAt, count }: VisitBatch): void {
    const cells = this.#cells
    if (this.width === 1) {
      cells.fill(0, 0, count)
      return
    }
    this.#finder.find(this.#plan.instant === undefined ? leftAt : enteredAt, count, cells)
  }

  /**
   * Adds the row offsets to the cells of a batch from an index on, until a row is new; returns the index of that visit.
   * The loop calls no function, as in `GroupCounts`.
   */
  #addKnownRows(id: Int32Array, count: number, from: number): number {
    const cells = this.#cells
    const places = this.#places
    const width = this.width
    for (let place = from; place < count; place++) {
      const own = id[place] ?? 0
      if (own >= places.length) return place
      const known = places[own] ?? 0
      if (known === 0) return place
      cells[place] = (cells[place] ?? 0) + (known - 1) * width
    }
    return count
  }

  /** The same for a table with one column, in which the cells are the rows. */
  #writeKnownRows(id: Int32Array, count: number, from: number): number {
    const cells = this.#cells
    const places = this.#places
    for (let place = from; place < count; place++) {
      const own = id[place] ?? 0
      if (own >= places.length) return place
      const known = places[own] ?? 0
      if (known === 0) return place
      cells[place] = known - 1
    }
    return count
  }

  /** Row index of a number; adds a row for a new number. */
  #placeOf(id: number): number {
    const known = this.#places[id] ?? 0
    return known > 0 ? known - 1 : this.#newPlace(id)
  }

  #newPlace(id: number): number {
    const same = this.#plan.sameRows?.get(id)
    // A full table is discarded anyway, so all further visits go to its last row.
    if (same === undefined && this.isFull) return this.rows.length - 1
    const place = same === undefined ? this.#ownPlace(id) : this.#placeOf(same)
    if (id >= this.#places.length)
      this.#places = grown(this.#places, new Int32Array(Math.max(id + 1, 2 * this.#places.length)))
    this.#places[id] = place + 1
    return place
  }

  #ownPlace(id: number): number {
    return this.#plan.ownRows?.has(id) === false ? this.#placeOfOthers() : this.rows.push(id) - 1
  }

  #placeOfOthers(): number {
    this.#otherPlace ??= this.rows.push(otherRows) - 1
    return this.#otherPlace
  }
}
