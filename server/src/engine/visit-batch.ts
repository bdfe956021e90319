import { lowRange } from './duration-column.ts'
import type { IdColumn } from './narrow-rows.ts'
import { flagsShift, rowsPerChunk, stageMask } from './visit-columns.ts'
import type { DwellClock, VisitColumns } from './visit-columns.ts'
import { VisitTest } from './visit-filter.ts'
import type { VisitFilter } from './visit-filter.ts'

export type VisitDimension = 'stage' | 'department' | 'customer' | 'customerClass' | 'product'

/** What of which visits a scan reads. It can be sent to another thread. */
export interface VisitChoice {
  readonly filter: VisitFilter
  /** By which clock `dwellMs` is told. */
  readonly clock: DwellClock
  /** Whose number `id` is. */
  readonly id: VisitDimension
  /** What is read besides, `span` being both instants; nothing else is, since to copy what nobody asks for takes time. */
  readonly also: 'order' | 'leftAt' | 'span'
}

/** Some 0.1 ms of scanning, during which a writer seldom comes in between; a part of `rowsPerChunk`. */
export const rowsPerBatch = 4_096

/** The first rows of a chunk's batches, counted through all chunks. */
export function* batchStarts(chunk: number, usedRows: number): Generator<number> {
  const end = Math.min(usedRows, (chunk + 1) * rowsPerChunk)
  for (let row = chunk * rowsPerChunk; row < end; row += rowsPerBatch) yield row
}

/** Copies of some visits: of the first `count` places, each is one visit as it was at one moment. */
export class VisitBatch {
  count = 0
  readonly id = new Int32Array(rowsPerBatch)
  readonly dwellMs = new Float64Array(rowsPerBatch)
  /** Which of `judgedFlag` and the others the visit has. */
  readonly flags = new Uint8Array(rowsPerBatch)
  readonly leftAt = new Float64Array(rowsPerBatch)
  readonly enteredAt = new Float64Array(rowsPerBatch)
  readonly order = new Uint32Array(rowsPerBatch)
  readonly #selected = new Uint32Array(rowsPerBatch)
  readonly #test: VisitTest
  readonly #choice: VisitChoice

  constructor(choice: VisitChoice) {
    this.#choice = choice
    this.#test = new VisitTest(choice.filter)
  }

  /**
   * Reads the chosen visits of a batch of rows.
   * @param row the first of them, counted through all chunks.
   * @returns false when the rows were written to each time they were read, and then the batch is empty; never on the
   * thread that writes them.
   */
  read(columns: VisitColumns, row: number, usedRows: number): boolean {
    const from = row % rowsPerChunk
    const to = from + Math.min(rowsPerBatch, usedRows - row)
    const count = columns.readSteadily(() => this.#copy(columns, from, to))
    this.count = count ?? 0
    return count !== undefined
  }

  /** Counting from the columns themselves would have to be taken back when a writer comes in between. */
  #copy(columns: VisitColumns, from: number, to: number): number {
    const { id, also } = this.#choice
    const count = this.#test.select(columns, from, to, this.#selected)
    if (id === 'stage') this.#copyVisits(columns, columns.stageAndFlags, stageMask, count)
    else this.#copyVisits(columns, columns[id], -1, count)
    if (also === 'order') this.#copyOrders(columns.order, count)
    else this.#copyInstants(columns.leftAt, count)
    if (also === 'span') this.#copyBeginnings(columns, count)
    return count
  }

  /** What every scan asks for is copied by one loop: a loop for each column takes twice as long. */
  #copyVisits(columns: VisitColumns, ids: IdColumn, mask: number, count: number): void {
    const { low, high } = columns.durations(this.#choice.clock)
    const { stageAndFlags } = columns
    const selected = this.#selected
    const { id, dwellMs, flags } = this
    for (let i = 0; i < count; i++) {
      const index = selected[i] ?? 0
      id[i] = (ids[index] ?? 0) & mask
      dwellMs[i] = (high[index] ?? 0) * lowRange + (low[index] ?? 0)
      flags[i] = (stageAndFlags[index] ?? 0) >>> flagsShift
    }
  }

  #copyOrders(from: Uint32Array, count: number): void {
    const selected = this.#selected
    const { order } = this
    for (let i = 0; i < count; i++) order[i] = from[selected[i] ?? 0] ?? 0
  }

  #copyInstants(from: Float64Array, count: number): void {
    const selected = this.#selected
    const { leftAt } = this
    for (let i = 0; i < count; i++) leftAt[i] = from[selected[i] ?? 0] ?? 0
  }

  #copyBeginnings(columns: VisitColumns, count: number): void {
    const { low, high } = columns.durations('elapsed')
    const selected = this.#selected
    const { leftAt, enteredAt } = this
    for (let i = 0; i < count; i++) {
      const index = selected[i] ?? 0
      enteredAt[i] = (leftAt[i] ?? 0) - ((high[index] ?? 0) * lowRange + (low[index] ?? 0))
    }
  }
}
