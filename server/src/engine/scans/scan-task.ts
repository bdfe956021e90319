import type { PackedTable, TablePlan } from '../visit-table.ts'
import type { DwellClock } from '../visit-columns.ts'
import type { VisitFilter } from '../visit-filter.ts'

/** A question, as each thread of the pool is sent it. */
export interface ScanTask {
  readonly id: number
  readonly filter: VisitFilter
  readonly clock: DwellClock
  readonly plan: TablePlan
  /** Number of the store, under which the thread keeps its chunks. */
  readonly store: number
  /** Chunks of the store that the thread was not sent before. */
  readonly newChunks: readonly SharedArrayBuffer[]
  readonly usedRows: number
  /** Stores that nobody has asked about for long: the thread lets go of their chunks. */
  readonly forgottenStores: readonly number[]
  /** Numbers of the chunks to scan. */
  readonly chunks: readonly number[]
  /** Shared by the threads: the place in `chunks` that the next thread takes. */
  readonly next: Int32Array
}

/** What a thread has made of the chunks that it took. */
export interface ScanAnswer {
  readonly id: number
  readonly table: PackedTable
  /** First rows of batches that were written to each time they were read. */
  readonly unread: readonly number[]
}
