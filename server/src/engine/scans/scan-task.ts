import type { PackedTable, TablePlan } from '../visit-table.ts'
import type { DwellClock } from '../visit-columns.ts'
import type { RarePartMemory } from '../visit-store.ts'
import type { VisitFilter } from '../visit-filter.ts'

/** A query, as sent to each thread of the pool. */
export interface ScanTask {
  readonly id: number
  readonly filter: VisitFilter
  readonly clock: DwellClock
  readonly plan: TablePlan
  /** Number of the store, by which the thread caches its chunks. */
  readonly store: number
  /** Chunks of the store that were not sent to the thread before. */
  readonly newChunks: readonly SharedArrayBuffer[]
  /** Columns of its chunks, old and new, that were not sent before. */
  readonly newParts: readonly RarePartMemory[]
  readonly usedRows: number
  /** Stores that were not queried for long: the thread releases their chunks. */
  readonly forgottenStores: readonly number[]
  /** Numbers of the chunks to scan. */
  readonly chunks: readonly number[]
  /** Shared by the threads: index in `chunks` of the next chunk to take. */
  readonly next: Int32Array
}

/** The result of a thread for the chunks that it took. */
export interface ScanAnswer {
  readonly id: number
  readonly table: PackedTable
  /** First rows of batches that were written to during each attempt to read them. */
  readonly unread: readonly number[]
}
