import type { DwellHistogram } from './dwell-histogram.ts'
import { GroupCounts, grown } from './group-counts.ts'
import { columnsAt } from './time-columns.ts'
import { breachedFlag, judgedFlag } from './visit-columns.ts'
import { rowsPerBatch } from './visit-batch.ts'
import type { VisitBatch, VisitChoice } from './visit-batch.ts'
import type { GroupPlan, PackedTable, VisitTable } from './visit-table.ts'

/** The finished visits of one cell of a table; it holds at least one. */
export interface VisitGroup {
  readonly visits: number
  /** Visits that were held against a target; `breaches` passed it. */
  readonly judged: number
  readonly breaches: number
  /** Of their dwell, ms. */
  readonly sumMs: number
  /** Made when it is asked for. */
  readonly histogram: DwellHistogram
}

/** By the number of the row's dimension; the places of a row are columns, and empty where no visit ended. */
export type VisitGroups = ReadonlyMap<number, readonly (VisitGroup | undefined)[]>

/** Of each group: row and column. */
const cellLength = 2

/**
 * The finished visits as a table of one dimension by the time at which they ended, which the columns must cover; or at
 * which they began, and then one more column has those that began before the first one.
 */
export class GroupTable implements VisitTable {
  readonly plan: GroupPlan
  /** Columns of the table. */
  readonly #width: number
  /** By number of the dimension: one more than the place of its row; 0: it has none. */
  #places = new Int32Array(64)
  /** Numbers of the rows, in the order in which they were met. */
  readonly #rows: number[] = []
  /** The cells of one row after the other. */
  readonly #counts = new GroupCounts()
  /** Of each visit of a batch: its cell. */
  readonly #cells = new Int32Array(rowsPerBatch)

  constructor(plan: GroupPlan) {
    this.plan = plan
    const columns = plan.spans.columns.reduce((most, column) => Math.max(most, column + 1), 1)
    this.#width = plan.instant === undefined ? columns : columns + 1
  }

  get reads(): Pick<VisitChoice, 'id' | 'also'> {
    return { id: this.plan.dimension, also: this.plan.instant === undefined ? 'leftAt' : 'span' }
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

  /** The visits of all cells; undefined: there is none. */
  get total(): VisitGroup | undefined {
    const groups = Array.from({ length: this.#rows.length * this.#width }, (_, cell) => cell)
    const sum = (count: (cell: number) => number): number => groups.reduce((all, cell) => all + count(cell), 0)
    const histogram = this.#counts.histogramOfAll()
    if (histogram.count === 0) return undefined
    return {
      visits: histogram.count,
      judged: sum((cell) => this.#counts.flagged(cell, judgedFlag)),
      breaches: sum((cell) => this.#counts.flagged(cell, breachedFlag)),
      sumMs: histogram.sumMs,
      histogram,
    }
  }

  add({ id, leftAt, enteredAt, dwellMs, flags, count }: VisitBatch): void {
    const cells = this.#cells
    const width = this.#width
    const { spans, instant } = this.plan
    columnsAt(spans, instant === undefined ? leftAt : enteredAt, count, cells)
    if (instant !== undefined) {
      const begin = spans.starts[0] ?? 0
      for (let place = 0; place < count; place++) {
        if ((enteredAt[place] ?? 0) < begin) cells[place] = width - 1
      }
    }
    for (let place = 0; place < count; place++) {
      cells[place] = (cells[place] ?? 0) + this.#placeOf(id[place] ?? 0) * width
    }
    this.#counts.add(cells, dwellMs, flags, count)
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
      judged: counts.flagged(cell, judgedFlag),
      breaches: counts.flagged(cell, breachedFlag),
      sumMs: counts.sumMs(cell),
      get histogram() {
        return counts.histogramOf(cell)
      },
    }
  }

  /** The place of the row of a number, a new one when it had none. */
  #placeOf(id: number): number {
    const known = this.#places[id] ?? 0
    return known > 0 ? known - 1 : this.#newPlace(id)
  }

  #newPlace(id: number): number {
    // The table is of no use any more: whatever comes stands in its last row.
    if (this.isFull) return this.#rows.length - 1
    if (id >= this.#places.length)
      this.#places = grown(this.#places, new Int32Array(Math.max(id + 1, 2 * this.#places.length)))
    const place = this.#rows.push(id) - 1
    this.#places[id] = place + 1
    return place
  }
}
