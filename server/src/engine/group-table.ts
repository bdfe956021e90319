import { DwellHistogram } from './dwell-histogram.ts'
import { packHistograms, unpackHistograms } from './packed-histograms.ts'
import { columnAt } from './time-columns.ts'
import type { VisitBatch, VisitDimension } from './visit-batch.ts'
import type { GroupPlan, PackedTable, VisitTable } from './visit-table.ts'

/** The finished visits of one cell of a table; it holds at least one. */
export class VisitGroup {
  readonly histogram = new DwellHistogram()
  /** Visits that were held against a target; `breaches` passed it. */
  judged = 0
  breaches = 0

  get visits(): number {
    return this.histogram.count
  }
}

/** By the number of the row's dimension; the places of a row are columns, and empty where no visit ended. */
export type VisitGroups = ReadonlyMap<number, readonly (VisitGroup | undefined)[]>

/** Of each group: row, column, judged and breaches. */
const cellLength = 4

/** The finished visits as a table of one dimension by the time at which they ended, which the columns must cover. */
export class GroupTable implements VisitTable {
  readonly plan: GroupPlan
  readonly #groups = new Map<number, (VisitGroup | undefined)[]>()

  constructor(plan: GroupPlan) {
    this.plan = plan
  }

  get id(): VisitDimension {
    return this.plan.dimension
  }

  get isFull(): boolean {
    return this.#groups.size > this.plan.maxRows
  }

  get groups(): VisitGroups {
    return this.#groups
  }

  add(batch: VisitBatch): void {
    const { spans } = this.plan
    for (let place = 0; place < batch.count; place++) {
      const group = this.#group(batch.id[place] ?? 0, columnAt(spans, batch.leftAt[place] ?? 0))
      group.histogram.add(batch.dwellMs[place] ?? 0)
      if (batch.isJudged(place)) group.judged += 1
      if (batch.isBreached(place)) group.breaches += 1
    }
  }

  pack(): PackedTable {
    const groups = [...this.#groups].flatMap(([row, places]) =>
      places.flatMap((group, column) => (group === undefined ? [] : [{ row, column, group }])),
    )
    const cells = groups.flatMap(({ row, column, group }) => [row, column, group.judged, group.breaches])
    const histograms = packHistograms(groups.map(({ group }) => group.histogram))
    return { cells: Float64Array.from(cells), histograms, orders: new Uint32Array(0) }
  }

  *merge({ cells, histograms }: PackedTable): Generator<void> {
    let at = 0
    for (const histogram of unpackHistograms(histograms)) {
      const [row = 0, column = 0, judged = 0, breaches = 0] = cells.subarray(at, at + cellLength)
      const group = this.#group(row, column)
      group.histogram.merge(histogram)
      group.judged += judged
      group.breaches += breaches
      at += cellLength
      yield
    }
  }

  #group(row: number, column: number): VisitGroup {
    let places = this.#groups.get(row)
    if (places === undefined) this.#groups.set(row, (places = []))
    return (places[column] ??= new VisitGroup())
  }
}
