import type { DwellHistogram } from './dwell-histogram.ts'
import { GroupCounts, grown } from './group-counts.ts'
import { ColumnFinder } from './time-columns.ts'
import { breachedFlag, hasTargetFlag } from './visit-columns.ts'
import { rowsPerBatch } from './visit-batch.ts'
import type { VisitBatch, VisitChoice } from './visit-batch.ts'
import type { GroupPlan, PackedTable, VisitTable } from './visit-table.ts'

/** The finished visits of one cell of a table, at least one. */
export interface VisitGroup {
  readonly visits: number
  /** Number of visits with a target; `breaches` of them passed it. */
  readonly withTarget: number
  readonly breaches: number
  /** Sum of their dwell, ms. */
  readonly sumMs: number
  /** Computed on access. */
  readonly histogram: DwellHistogram
}

/** By the number in the row's dimension; the indices of a row are columns, undefined if no visit ended in them. */
export type VisitGroups = ReadonlyMap<number, readonly (VisitGroup | undefined)[]>

/** Values per packed group: row and column. */
const cellLength = 2

/**
 * Finished visits by one dimension and by the time at which they ended, which the columns must cover; or at which they
 * started, in which case an extra column holds those that started before the first one.
 */
export class GroupTable implements VisitTable {
  readonly plan: GroupPlan
  readonly #finder: ColumnFinder
  /** Number of columns. */
  readonly #width: number
  /** By number in the dimension: row index plus one, or 0 if it has no row. */
  #places = new Int32Array(64)
  /** Numbers of the rows, in the order of their first occurrence. */
  readonly #rows: number[] = []
  /** The cells, row by row. */
  readonly #counts = new GroupCounts()
  /** The cell of each visit in a batch. */
  readonly #cells = new Int32Array(rowsPerBatch)

  constructor(plan: GroupPlan) {
    this.plan = plan
    const columns = plan.spans.columns.reduce((most, column) => Math.max(most, column + 1), 1)
    this.#width = plan.instant === undefined ? columns : columns + 1
    this.#finder = new ColumnFinder(plan.spans, plan.instant === undefined ? undefined : columns)
  }

  get reads(): Pick<VisitChoice, 'id' | 'also'> {
    const { dimension, instant = 'leftAt' } = this.plan
    return { id: dimension, also: this.#width === 1 ? 'nothing' : instant }
  }

  get isFull(): boolean {
    return this.#rows.length > this.plan.maxRows
  }

  get groups(): VisitGroups {
    const rows = this.#rows.map((row, place): [number, (VisitGroup | undefined)[]] => {
      const first = place * this.#width
      return [row, Array.from({ length: this.#width }, (_, column) => this.#groupAt(first + column))]
    })
    return new Map(rows)
  }

  /** The visits of all cells. Undefined if there are none. */
  get total(): VisitGroup | undefined {
    const groups = Array.from({ length: this.#rows.length * this.#width }, (_, cell) => cell)
    const sum = (count: (cell: number) => number): number => groups.reduce((all, cell) => all + count(cell), 0)
    const histogram = this.#counts.histogramOfAll()
    if (histogram.count === 0) return undefined
    return {
      visits: histogram.count,
      withTarget: sum((cell) => this.#counts.flagged(cell, hasTargetFlag)),
      breaches: sum((cell) => this.#counts.flagged(cell, breachedFlag)),
      sumMs: histogram.sumMs,
      histogram,
    }
  }

  add(batch: VisitBatch): void {
    const { id, count } = batch
    if (count === 0) return
    const cells = this.#cells
    const addKnown = (from: number): number =>
      this.#width === 1 ? this.#writeKnownRows(id, count, from) : this.#addKnownRows(id, count, from)
    if (this.#width > 1 || this.plan.dimension === 'all') this.#writeColumns(batch)
    if (this.plan.dimension === 'all') this.#placeOf(0)
    else {
      for (let place = addKnown(0); place < count; place = addKnown(place + 1)) {
        const column = this.#width === 1 ? 0 : (cells[place] ?? 0)
        cells[place] = column + this.#placeOf(id[place] ?? 0) * this.#width
      }
    }
    this.#counts.add(cells, batch)
  }

  /** Writes the columns of a batch into its cells. */
  #writeColumns({ leftAt, enteredAt, count }: VisitBatch): void {
    const cells = this.#cells
    if (this.#width === 1) {
      cells.fill(0, 0, count)
      return
    }
    this.#finder.find(this.plan.instant === undefined ? leftAt : enteredAt, count, cells)
  }

  /**
   * Adds the row offsets to the cells of a batch from an index on, until a row is new; returns the index of that visit.
   * The loop calls no function, as in `GroupCounts`.
   */
  #addKnownRows(id: Int32Array, count: number, from: number): number {
    const cells = this.#cells
    const places = this.#places
    const width = this.#width
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

  pack(): PackedTable {
    const filled = Array.from({ length: this.#rows.length * this.#width }, (_, cell) => cell).filter(
      (cell) => this.#counts.visits(cell) > 0,
    )
    const cells = new Float64Array(filled.length * cellLength)
    for (const [i, cell] of filled.entries()) {
      const { [Math.floor(cell / this.#width)]: row = 0 } = this.#rows
      cells.set([row, cell % this.#width], i * cellLength)
    }
    return { cells, groups: this.#counts.pack(filled), orders: new Uint32Array(0) }
  }

  *merge({ cells, groups }: PackedTable): Generator<void> {
    yield* this.#counts.merge(groups, (index) => {
      const [row = 0, column = 0] = cells.subarray(index * cellLength)
      return this.#placeOf(row) * this.#width + column
    })
  }

  #groupAt(cell: number): VisitGroup | undefined {
    const counts = this.#counts
    const visits = counts.visits(cell)
    if (visits === 0) return undefined
    return {
      visits,
      withTarget: counts.flagged(cell, hasTargetFlag),
      breaches: counts.flagged(cell, breachedFlag),
      sumMs: counts.sumMs(cell),
      get histogram() {
        return counts.histogramOf(cell)
      },
    }
  }

  /** Row index of a number; adds a row for a new number. */
  #placeOf(id: number): number {
    const known = this.#places[id] ?? 0
    return known > 0 ? known - 1 : this.#newPlace(id)
  }

  #newPlace(id: number): number {
    const same = this.plan.sameRows?.get(id)
    // A full table is discarded anyway, so all further visits go to its last row.
    if (same === undefined && this.isFull) return this.#rows.length - 1
    const place = same === undefined ? this.#rows.push(id) - 1 : this.#placeOf(same)
    if (id >= this.#places.length)
      this.#places = grown(this.#places, new Int32Array(Math.max(id + 1, 2 * this.#places.length)))
    this.#places[id] = place + 1
    return place
  }
}
