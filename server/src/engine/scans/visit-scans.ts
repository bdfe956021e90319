import type { DwellClock } from '../visit-columns.ts'
import type { VisitFilter } from '../visit-filter.ts'
import type { VisitStore } from '../visit-store.ts'
import type { VisitTable } from '../visit-table.ts'
import { inSlices } from '../../platform/in-slices.ts'
import { ScanWatch } from './scan-watch.ts'

/** Scans stores of visits. */
export interface VisitScans {
  /**
   * Adds the visits that match the filter to a table. Visits that are added or removed during the scan may or may not
   * be seen; when an order changes, its visits are removed and added again.
   * @param watch receives the progress and may cancel the scan, which then rejects.
   */
  scan(table: VisitTable, store: VisitStore, filter: VisitFilter, clock: DwellClock, watch?: ScanWatch): Promise<void>
}

/** Scans on the main thread, in slices. */
export const directScans: VisitScans = {
  scan(table, store, filter, clock, watch = new ScanWatch()) {
    return inSlices(watch.whileWanted(store.scan(table, filter, clock)))
  },
}
