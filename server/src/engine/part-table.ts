import { GroupCounts, grown } from './group-counts.ts'
import { cellLength, TableCells } from './table-cells.ts'
import type { BatchParts, VisitBatch, VisitChoice } from './visit-batch.ts'
import { lowRange } from './duration-column.ts'
import { departmentBits, maxRareShare, maxWaitingShare, nameBits } from './visit-columns.ts'
import { rareParts } from './visit-parts.ts'
import type { RarePart } from './visit-parts.ts'
import type { PackedTable, PartPlan, VisitTable } from './visit-table.ts'

/** How the time of the finished visits of a cell was spent, ms. */
export interface PartSums extends Readonly<Record<RarePart | 'waiting' | 'working', number>> {
  readonly visits: number
  /** What is neither waiting, working nor held was not reported. */
  readonly total: number
}

/** Values of the visits of a cell. Sums of ms beyond 2^53 are inexact in the last digits. */
const values = ['visits', 'total', 'waiting', ...rareParts] as const
const waitingAt = values.indexOf('waiting')
const heldAt = values.indexOf('held')
const rareAt = values.length - rareParts.length
/** Visits whose start of work was reported are counted apart from the others, which have no time of working. */
const valuesPerCell = 2 * values.length

/** Time waiting, working and on hold, by one dimension and by the time of the visits, as in `GroupTable`. */
export class PartTable implements VisitTable {
  readonly plan: PartPlan
  readonly #cells: TableCells
  #sums = new Float64Array(0)

  constructor(plan: PartPlan) {
    this.plan = plan
    this.#cells = new TableCells(plan)
  }

  get reads(): Pick<VisitChoice, 'id' | 'also' | 'parts'> {
    return { ...this.#cells.reads, parts: true }
  }

  get isFull(): boolean {
    return this.#cells.isFull
  }

  /** By the number of the row; the indices of a row are columns, undefined if it has no visit. */
  get rows(): ReadonlyMap<number, readonly (PartSums | undefined)[]> {
    const { rows, width } = this.#cells
    return new Map(
      rows.map((row, place) => [row, Array.from({ length: width }, (_, i) => this.#sumsAt(place * width + i))]),
    )
  }

  add(batch: VisitBatch): void {
    if (batch.parts === undefined) throw new Error('the batch was read without the parts of visits')
    if (batch.count === 0) return
    const cells = this.#cells.find(batch)
    this.#cover()
    this.#addUsual(batch, batch.parts, cells)
    for (const [i, part] of batch.parts.rare.entries()) {
      if (part.isReported) this.#addRare(batch, batch.parts, cells, i)
    }
  }

  #addUsual({ dwellLow, dwellHigh, count }: VisitBatch, { started, waiting }: BatchParts, cells: Int32Array): void {
    const sums = this.#sums
    for (let place = 0; place < count; place++) {
      const at = (cells[place] ?? 0) * valuesPerCell + ((started[place] ?? 0) >>> departmentBits) * values.length
      const ms = (dwellHigh[place] ?? 0) * lowRange + (dwellLow[place] ?? 0)
      sums[at] = (sums[at] ?? 0) + 1
      sums[at + 1] = (sums[at + 1] ?? 0) + ms
      sums[at + waitingAt] = (sums[at + waitingAt] ?? 0) + waitingMs(ms, waiting[place] ?? 0)
    }
  }

  /** Adds a rare part. What is held is not waiting, where both were rounded up. */
  #addRare(batch: VisitBatch, { started, waiting, rare }: BatchParts, cells: Int32Array, part: number): void {
    const sums = this.#sums
    const shares = rare[part]?.shares ?? new Uint16Array(0)
    for (let place = 0; place < batch.count; place++) {
      const share = shares[place] ?? 0
      if (share === 0) continue
      const at = (cells[place] ?? 0) * valuesPerCell + ((started[place] ?? 0) >>> departmentBits) * values.length
      const ms = batch.dwellMs(place)
      const partMs = Math.floor(ms * share * perRareShare + 0.5)
      sums[at + rareAt + part] = (sums[at + rareAt + part] ?? 0) + partMs
      if (rareAt + part !== heldAt) continue
      const beyondMs = partMs + waitingMs(ms, waiting[place] ?? 0) - ms
      if (beyondMs > 0) sums[at + waitingAt] = (sums[at + waitingAt] ?? 0) - beyondMs
    }
  }

  pack(): PackedTable {
    this.#cover()
    const filled = Array.from({ length: this.#cells.size }, (_, cell) => cell).filter((cell) => this.#visits(cell) > 0)
    const packed = filled.flatMap((cell) => [...this.#cells.name(cell), ...this.#valuesOf(cell)])
    return { cells: Float64Array.from(packed), groups: new GroupCounts().pack([]), orders: new Uint32Array(0) }
  }

  *merge({ cells }: PackedTable): Generator<void> {
    for (let at = 0; at < cells.length; at += cellLength + valuesPerCell) {
      const cell = this.#cells.named(cells[at] ?? 0, cells[at + 1] ?? 0)
      this.#cover()
      const own = this.#valuesOf(cell)
      for (let i = 0; i < own.length; i++) own[i] = (own[i] ?? 0) + (cells[at + cellLength + i] ?? 0)
      yield
    }
  }

  #visits(cell: number): number {
    const at = cell * valuesPerCell
    return (this.#sums[at] ?? 0) + (this.#sums[at + values.length] ?? 0)
  }

  #valuesOf(cell: number): Float64Array {
    return this.#sums.subarray(cell * valuesPerCell, (cell + 1) * valuesPerCell)
  }

  #sumsAt(cell: number): PartSums | undefined {
    if (this.#visits(cell) === 0) return undefined
    const own = this.#valuesOf(cell)
    const ofStarted = (name: (typeof values)[number]): number => own[values.length + values.indexOf(name)] ?? 0
    const sums = values.map((name, i) => [name, (own[i] ?? 0) + ofStarted(name)])
    const working = ofStarted('total') - ofStarted('waiting') - ofStarted('held')
    return { ...(Object.fromEntries(sums) as Omit<PartSums, 'working'>), working }
  }

  /** Allocates the sums of all cells. */
  #cover(): void {
    const needed = this.#cells.size * valuesPerCell
    if (needed <= this.#sums.length) return
    this.#sums = grown(this.#sums, new Float64Array(Math.max(needed, 2 * this.#sums.length)))
  }
}

const perWaitingShare = 1 / maxWaitingShare
const perRareShare = 1 / maxRareShare

/** The rounded part of a duration. @param column contains the share, see `BatchParts.waiting`. */
function waitingMs(ms: number, column: number): number {
  return Math.floor(ms * (column >>> nameBits) * perWaitingShare + 0.5)
}
