import type { DwellClock } from '../visit-columns.ts'
import type { VisitFilter } from '../visit-filter.ts'
import type { VisitStore } from '../visit-store.ts'
import type { VisitTable } from '../visit-table.ts'
import { inSlices } from '../../platform/in-slices.ts'

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
