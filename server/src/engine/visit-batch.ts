import { breachedBit, judgedBit, reworkBit, rowsPerChunk, stageMask } from './visit-columns.ts'
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
const rowsPerBatch = 4_096

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
  readonly #stageAndFlags = new Uint16Array(rowsPerBatch)
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
    return (this.#stageAndFlags[place] ?? 0) & stageMask
  }

  isRework(place: number): boolean {
    return ((this.#stageAndFlags[place] ?? 0) & reworkBit) !== 0
  }

  isJudged(place: number): boolean {
    return ((this.#stageAndFlags[place] ?? 0) & judgedBit) !== 0
  }

  isBreached(place: number): boolean {
    return ((this.#stageAndFlags[place] ?? 0) & breachedBit) !== 0
  }

  /** Counting from the columns themselves would have to be taken back when a writer comes in between. */
  #copy(columns: VisitColumns, from: number, to: number): number {
    const { clock, id } = this.#choice
    const selected = this.#selected
    const count = this.#test.select(columns, from, to, selected)
    const dwell = columns.durations(clock)
    const ids = id === 'stage' ? columns.stageAndFlags : columns[id]
    const mask = id === 'stage' ? stageMask : -1
    for (let i = 0; i < count; i++) {
      const index = selected[i] ?? 0
      this.leftAt[i] = columns.leftAt[index] ?? 0
      this.dwellMs[i] = dwell.get(index)
      this.id[i] = (ids[index] ?? 0) & mask
      this.#stageAndFlags[i] = columns.stageAndFlags[index] ?? 0
    }
    return count
  }
}
