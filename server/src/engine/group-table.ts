import type { DwellHistogram } from './dwell-histogram.ts'
import { GroupCounts } from './group-counts.ts'
import { cellLength, TableCells } from './table-cells.ts'
import { breachedFlag, hasTargetFlag } from './visit-columns.ts'
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

/**
 * Finished visits by one dimension and by the time at which they ended, which the columns must cover; or at which they
 * started, in which case an extra column holds those that started before the first one.
 */
export class GroupTable implements VisitTable {
  readonly plan: GroupPlan
  readonly #cells: TableCells
  readonly #counts = new GroupCounts()

  constructor(plan: GroupPlan) {
    this.plan = plan
    this.#cells = new TableCells(plan)
  }

  get reads(): Pick<VisitChoice, 'id' | 'also'> {
    return this.#cells.reads
  }

  get isFull(): boolean {
    return this.#cells.isFull
  }

  get groups(): VisitGroups {
    const { rows: numbers, width } = this.#cells
    const rows = numbers.map((row, place): [number, (VisitGroup | undefined)[]] => {
      const first = place * width
      return [row, Array.from({ length: width }, (_, column) => this.#groupAt(first + column))]
    })
    return new Map(rows)
  }

  /** The visits of all cells. Undefined if there are none. */
  get total(): VisitGroup | undefined {
    const groups = Array.from({ length: this.#cells.size }, (_, cell) => cell)
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
    if (batch.count > 0) this.#counts.add(this.#cells.find(batch), batch)
  }

  pack(): PackedTable {
    const filled = Array.from({ length: this.#cells.size }, (_, cell) => cell).filter(
      (cell) => this.#counts.visits(cell) > 0,
    )
    const cells = Float64Array.from(filled.flatMap((cell) => this.#cells.name(cell)))
    return { cells, groups: this.#counts.pack(filled), orders: new Uint32Array(0) }
  }

  *merge({ cells, groups }: PackedTable): Generator<void> {
    yield* this.#counts.merge(groups, (index) => {
      const [row = 0, column = 0] = cells.subarray(index * cellLength)
      return this.#cells.named(row, column)
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
}
