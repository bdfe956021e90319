import { DwellCounts, grown } from './dwell-counts.ts'
import type { DwellHistogram } from './dwell-histogram.ts'
import { columnsAt } from './time-columns.ts'
import { breachedShift, judgedShift } from './visit-columns.ts'
import { rowsPerBatch } from './visit-batch.ts'
import type { VisitBatch, VisitDimension } from './visit-batch.ts'
import type { GroupPlan, PackedTable, VisitTable } from './visit-table.ts'

/** The finished visits of one cell of a table; it holds at least one. */
export interface VisitGroup {
  readonly visits: number
  /** Visits that were held against a target; `breaches` passed it. */
  readonly judged: number
  readonly breaches: number
  /** Made when it is asked for. */
  readonly histogram: DwellHistogram
}

/** By the number of the row's dimension; the places of a row are columns, and empty where no visit ended. */
export type VisitGroups = ReadonlyMap<number, readonly (VisitGroup | undefined)[]>

/** Of each group: row, column, judged and breaches. */
const cellLength = 4

/** The finished visits as a table of one dimension by the time at which they ended, which the columns must cover. */
export class GroupTable implements VisitTable {
  readonly plan: GroupPlan
  /** Columns of the table. */
  readonly #width: number
  /** By number of the dimension: one more than the place of its row; 0: it has none. */
  #places = new Int32Array(64)
  /** Numbers of the rows, in the order in which they were met. */
  readonly #rows: number[] = []
  /** The cells of one row after the other. */
  readonly #dwell = new DwellCounts()
  #judged = new Uint32Array(64)
  #breaches = new Uint32Array(64)
  /** Of each visit of a batch: its cell. */
  readonly #cells = new Int32Array(rowsPerBatch)

  constructor(plan: GroupPlan) {
    this.plan = plan
    this.#width = plan.spans.columns.reduce((most, column) => Math.max(most, column + 1), 1)
  }

  get id(): VisitDimension {
    return this.plan.dimension
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

  add({ id, leftAt, dwellMs, stageAndFlags, count }: VisitBatch): void {
    const cells = this.#cells
    const width = this.#width
    columnsAt(this.plan.spans, leftAt, count, cells)
    for (let place = 0; place < count; place++) {
      cells[place] = (cells[place] ?? 0) + this.#placeOf(id[place] ?? 0) * width
    }
    this.#dwell.add(cells, dwellMs, count)
    const judged = this.#judged
    const breaches = this.#breaches
    for (let place = 0; place < count; place++) {
      const cell = cells[place] ?? 0
      const flags = stageAndFlags[place] ?? 0
      judged[cell] = (judged[cell] ?? 0) + ((flags >>> judgedShift) & 1)
      breaches[cell] = (breaches[cell] ?? 0) + ((flags >>> breachedShift) & 1)
    }
  }

  pack(): PackedTable {
    const filled = Array.from({ length: this.#rows.length * this.#width }, (_, cell) => cell).filter(
      (cell) => this.#dwell.countOf(cell) > 0,
    )
    const cells = new Float64Array(filled.length * cellLength)
    for (const [i, cell] of filled.entries()) {
      const place = Math.floor(cell / this.#width)
      const { [place]: row = 0 } = this.#rows
      cells.set([row, cell % this.#width, this.#judged[cell] ?? 0, this.#breaches[cell] ?? 0], i * cellLength)
    }
    return { cells, histograms: this.#dwell.pack(filled), orders: new Uint32Array(0) }
  }

  *merge({ cells, histograms }: PackedTable): Generator<void> {
    yield* this.#dwell.merge(histograms, (index) => {
      const [row = 0, column = 0, judged = 0, breaches = 0] = cells.subarray(index * cellLength)
      const cell = this.#placeOf(row) * this.#width + column
      this.#judged[cell] = (this.#judged[cell] ?? 0) + judged
      this.#breaches[cell] = (this.#breaches[cell] ?? 0) + breaches
      return cell
    })
  }

  #groupAt(cell: number): VisitGroup | undefined {
    const dwell = this.#dwell
    const visits = dwell.countOf(cell)
    if (visits === 0) return undefined
    return {
      visits,
      judged: this.#judged[cell] ?? 0,
      breaches: this.#breaches[cell] ?? 0,
      get histogram() {
        return dwell.histogramOf(cell)
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
    const cells = this.#rows.length * this.#width
    this.#dwell.cover(cells)
    if (cells > this.#judged.length) {
      const capacity = Math.max(cells, 2 * this.#judged.length)
      this.#judged = grown(this.#judged, new Uint32Array(capacity))
      this.#breaches = grown(this.#breaches, new Uint32Array(capacity))
    }
    return place
  }
}
