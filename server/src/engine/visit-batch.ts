import { lowRange } from './duration-column.ts'
import type { IdColumn } from './narrow-rows.ts'
import { departmentMask, nameMask, rowsPerChunk, stageMask } from './visit-columns.ts'
import type { DwellClock, VisitColumns } from './visit-columns.ts'
import { VisitTest } from './visit-filter.ts'
import { rareParts } from './visit-parts.ts'
import type { RarePart } from './visit-parts.ts'
import type { VisitFilter } from './visit-filter.ts'

export type VisitDimension = 'stage' | 'department' | 'customer' | 'customerClass' | 'product'

/** The visits that a scan reads, and their columns. Can be sent to another thread. */
export interface VisitChoice {
  readonly filter: VisitFilter
  /** The clock of the dwell. */
  readonly clock: DwellClock
  /** The dimension of `id`; for `all` it is 0. */
  readonly id: VisitDimension | 'all'
  /**
   * Additional columns; `span` is both instants instead of the dwell and the flags. Columns are selected because copying
   * unused ones takes time.
   */
  readonly also: 'nothing' | 'order' | 'leftAt' | 'enteredAt' | 'span'
  /** Whether to read how the time was spent; not together with `span`. */
  readonly parts?: true
}

/** About 0.1 ms of scanning, so a concurrent write is rare; a divisor of `rowsPerChunk`. */
export const rowsPerBatch = 4_096

/** The first rows of a chunk's batches, counted across all chunks. */
export function* batchStarts(chunk: number, usedRows: number): Generator<number> {
  const end = Math.min(usedRows, (chunk + 1) * rowsPerChunk)
  for (let row = chunk * rowsPerChunk; row < end; row += rowsPerBatch) yield row
}

/** The bits of a column that contain its ids. */
const idMasks = { customer: nameMask, product: nameMask, department: departmentMask, customerClass: -1 } as const

/** How the time of the visits of a batch was spent, as shares of their dwell. */
export class BatchParts {
  /** Above `departmentBits`, 1 if the start of work was reported. */
  readonly started = new Uint16Array(rowsPerBatch)
  /** Above `nameBits`, in `maxWaitingShare`. */
  readonly waiting = new Uint32Array(rowsPerBatch)
  readonly rare: readonly RareShares[] = rareParts.map((name) => ({
    name,
    isReported: false,
    shares: new Uint16Array(rowsPerBatch),
  }))
}

interface RareShares {
  readonly name: RarePart
  /** Whether the batch may have such a part; if not, the shares are outdated. */
  isReported: boolean
  /** In `maxRareShare`. */
  readonly shares: Uint16Array
}

/** Copies of some visits: each of the first `count` indices is one visit in a consistent state. */
export class VisitBatch {
  count = 0
  readonly id = new Int32Array(rowsPerBatch)
  /** The dwell as in `DurationColumn`: counting from integers takes less time than from numbers put together. */
  readonly dwellLow = new Uint32Array(rowsPerBatch)
  readonly dwellHigh = new Uint16Array(rowsPerBatch)
  /** As in `VisitColumns`. */
  readonly stageAndFlags = new Uint16Array(rowsPerBatch)
  readonly leftAt = new Float64Array(rowsPerBatch)
  readonly enteredAt = new Float64Array(rowsPerBatch)
  readonly order = new Uint32Array(rowsPerBatch)
  readonly #selected = new Uint32Array(rowsPerBatch)
  /** The first row of the chunk, counted across all chunks. */
  #chunkRow = 0
  /** First row in the chunk if every row of the batch is read; -1 if only those in `#selected` are. */
  #first = -1
  /** Undefined unless the choice asks for it. */
  readonly parts: BatchParts | undefined
  readonly #test: VisitTest
  readonly #choice: VisitChoice

  constructor(choice: VisitChoice) {
    this.#choice = choice
    this.#test = new VisitTest(choice.filter)
    if (choice.parts) this.parts = new BatchParts()
  }

  /**
   * Reads the selected visits of a batch of rows.
   * @param row the first row, counted across all chunks.
   * @returns false if the rows were written to during each attempt; the batch is then empty. Never false on the thread
   * that writes them.
   */
  read(columns: VisitColumns, row: number, usedRows: number): boolean {
    const from = row % rowsPerChunk
    this.#chunkRow = row - from
    const to = from + Math.min(rowsPerBatch, usedRows - row)
    const count = columns.readSteadily(() => this.#read(columns, from, to))
    this.count = count ?? 0
    return count !== undefined
  }

  /** Ms by the clock of the choice. */
  dwellMs(place: number): number {
    return (this.dwellHigh[place] ?? 0) * lowRange + (this.dwellLow[place] ?? 0)
  }

  /** The row of the visit at an index, by which the store reads it. */
  rowAt(place: number): number {
    return this.#chunkRow + (this.#first < 0 ? (this.#selected[place] ?? 0) : this.#first + place)
  }

  /** Copies first, because counts taken directly from the columns would have to be undone after a concurrent write. */
  #read(columns: VisitColumns, from: number, to: number): number {
    const { id, also } = this.#choice
    const isWhole = this.#test.passesAll(columns)
    this.#first = isWhole ? from : -1
    const count = isWhole ? to - from : this.#test.select(columns, from, to, this.#selected)
    if (also !== 'span') this.#copyVisits(columns, count)
    if (this.parts !== undefined) this.#copyParts(columns, this.parts, count)
    if (id === 'stage') this.#copyStages(columns.stageAndFlags, count)
    else if (id !== 'all') this.#copyIds(columns[id], idMasks[id], count)
    if (also === 'order') this.#copy(columns.order, this.order, count)
    if (also === 'leftAt' || also === 'span') this.#copy(columns.leftAt, this.leftAt, count)
    if (also === 'enteredAt' || also === 'span') this.#copyBeginnings(columns, count)
    return count
  }

  #copyVisits(columns: VisitColumns, count: number): void {
    const { low, high } = columns.durations(this.#choice.clock)
    this.#copy(low, this.dwellLow, count)
    this.#copy(high, this.dwellHigh, count)
    this.#copy(columns.stageAndFlags, this.stageAndFlags, count)
  }

  /** A whole part of a column is copied at once, ten times faster than value by value. */
  #copy<Column extends Uint16Array | Uint32Array | Float64Array>(from: Column, into: Column, count: number): void {
    const first = this.#first
    if (first >= 0) {
      into.set(from.subarray(first, first + count))
      return
    }
    const selected = this.#selected
    for (let i = 0; i < count; i++) into[i] = from[selected[i] ?? 0] ?? 0
  }

  #copyStages(stageAndFlags: Uint16Array, count: number): void {
    const selected = this.#selected
    const first = this.#first
    const { id } = this
    if (first < 0) for (let i = 0; i < count; i++) id[i] = (stageAndFlags[selected[i] ?? 0] ?? 0) & stageMask
    else for (let i = 0; i < count; i++) id[i] = (stageAndFlags[first + i] ?? 0) & stageMask
  }

  #copyIds(ids: IdColumn, mask: number, count: number): void {
    const selected = this.#selected
    const first = this.#first
    const { id } = this
    if (first < 0) for (let i = 0; i < count; i++) id[i] = (ids[selected[i] ?? 0] ?? 0) & mask
    else for (let i = 0; i < count; i++) id[i] = (ids[first + i] ?? 0) & mask
  }

  #copyParts(columns: VisitColumns, { started, waiting, rare }: BatchParts, count: number): void {
    this.#copy(this.#choice.clock === 'working' ? columns.product : columns.customer, waiting, count)
    this.#copy(columns.department, started, count)
    for (const part of rare) {
      const column = columns.rarePart(part.name)
      part.isReported = column !== undefined
      if (column !== undefined) this.#copy(column[this.#choice.clock], part.shares, count)
    }
  }

  #copyBeginnings(columns: VisitColumns, count: number): void {
    const { leftAt } = columns
    const { low, high } = columns.durations('elapsed')
    const selected = this.#selected
    const first = this.#first
    const { enteredAt } = this
    for (let i = 0; i < count; i++) {
      const index = first < 0 ? (selected[i] ?? 0) : first + i
      enteredAt[i] = (leftAt[index] ?? 0) - ((high[index] ?? 0) * lowRange + (low[index] ?? 0))
    }
  }
}
