import type { DwellClock } from '../engine/visit-columns.ts'
import type { VisitFilter } from '../engine/visit-filter.ts'
import type { VisitStore } from '../engine/visit-store.ts'
import type { VisitTable } from '../engine/visit-table.ts'
import { inSlices } from '../query/in-slices.ts'

/** Who scans stores of visits. */
export interface VisitScans {
  /**
   * Adds the visits that the filter lets through to a table. Visits that are added or removed meanwhile are seen or
   * not; an order that changes has its visits removed and added again.
   */
  scan(table: VisitTable, store: VisitStore, filter: VisitFilter, clock: DwellClock): Promise<void>
}

/** Scans on the main thread, in slices. */
export const directScans: VisitScans = {
  scan: (table, store, filter, clock) => inSlices(store.scan(table, filter, clock)),
}
