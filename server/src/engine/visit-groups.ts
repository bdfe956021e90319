import { DwellHistogram } from './dwell-histogram.ts'
import type { TimeColumns } from './time-columns.ts'
import type { DwellClock, VisitColumns } from './visit-columns.ts'
import type { VisitFilter } from './visit-filter.ts'
import type { VisitStore } from './visit-store.ts'

export type VisitDimension = 'stage' | 'department' | 'customer' | 'product'

/** The finished visits of one cell of a table; it holds at least one. */
export class VisitGroup {
  readonly histogram = new DwellHistogram()
  breaches = 0

  get visits(): number {
    return this.histogram.count
  }
}

/** By the number of the row's dimension; the places of a row are columns, and empty where no visit ended. */
export type VisitGroups = ReadonlyMap<number, readonly (VisitGroup | undefined)[]>

const rowsPerStep = 4_096

/**
 * The finished visits as a table of one dimension by time. Yields what it has after every few thousand rows.
 * @param filter bounds the visits by when they ended, within the columns.
 */
export function* visitGroups(
  store: VisitStore,
  filter: VisitFilter,
  dimension: VisitDimension,
  columns: TimeColumns,
  clock: DwellClock,
): Generator<VisitGroups, VisitGroups> {
  const groups = new Map<number, (VisitGroup | undefined)[]>()
  const scan = store.scanSlices(filter, rowsPerStep, (visits, selected, count) => {
    const dwell = visits.durations(clock)
    for (let i = 0; i < count; i++) {
      const index = selected[i] ?? 0
      const group = groupOf(groups, dimensionOf(visits, index, dimension), columns.columnOf(visits.leftAt[index] ?? 0))
      group.histogram.add(dwell.get(index))
      if (visits.isBreached(index)) group.breaches += 1
    }
  })
  while (scan.next().done !== true) yield groups
  return groups
}

/** The number of a visit's stage, department, customer or product. */
export function dimensionOf(visits: VisitColumns, index: number, dimension: VisitDimension): number {
  return dimension === 'stage' ? visits.stage(index) : (visits[dimension][index] ?? 0)
}

function groupOf(groups: Map<number, (VisitGroup | undefined)[]>, row: number, column: number): VisitGroup {
  let places = groups.get(row)
  if (places === undefined) groups.set(row, (places = []))
  return (places[column] ??= new VisitGroup())
}
