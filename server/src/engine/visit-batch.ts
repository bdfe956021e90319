import { rowsPerChunk, stageMask } from './visit-columns.ts'
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
  readonly id: VisitDimension | 'order'
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
  readonly leftAt = new Float64Array(rowsPerBatch)
  readonly dwellMs = new Float64Array(rowsPerBatch)
  readonly id = new Uint32Array(rowsPerBatch)
  /** The stage and the flags, see `VisitColumns`. */
  readonly stageAndFlags = new Uint16Array(rowsPerBatch)
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

  stage(place: number): number {
    return (this.stageAndFlags[place] ?? 0) & stageMask
  }

  /** Counting from the columns themselves would have to be taken back when a writer comes in between. */
  #copy(columns: VisitColumns, from: number, to: number): number {
    const { clock, id } = this.#choice
    const selected = this.#selected
    const count = this.#test.select(columns, from, to, selected)
    columns.durations(clock).copy(selected, count, this.dwellMs)
    this.#copyInstants(columns.leftAt, count)
    this.#copyFlags(columns.stageAndFlags, count)
    if (id === 'stage') this.#copyIds(columns.stageAndFlags, stageMask, count)
    else this.#copyIds(columns[id], -1, count)
    return count
  }

  // One loop for all kinds of columns would have to find out at each row which kind it is.

  #copyInstants(leftAt: Float64Array, count: number): void {
    const selected = this.#selected
    const into = this.leftAt
    for (let i = 0; i < count; i++) into[i] = leftAt[selected[i] ?? 0] ?? 0
  }

  #copyFlags(flags: Uint16Array, count: number): void {
    const selected = this.#selected
    const into = this.stageAndFlags
    for (let i = 0; i < count; i++) into[i] = flags[selected[i] ?? 0] ?? 0
  }

  #copyIds(ids: Uint8Array | Uint16Array | Uint32Array, mask: number, count: number): void {
    const selected = this.#selected
    const into = this.id
    for (let i = 0; i < count; i++) into[i] = (ids[selected[i] ?? 0] ?? 0) & mask
  }
}
