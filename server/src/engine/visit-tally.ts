import { DwellHistogram } from './dwell-histogram.ts'
import type { VisitRow } from './visit-columns.ts'

/** The part of a finished visit that is counted. */
export type TalliedVisit = Pick<VisitRow, 'stage' | 'leftAt' | 'workingMs' | 'rework' | 'breach'>

/** Aggregate of a group of finished visits; every addition can be undone. */
export class VisitTally {
  /** Working dwell, to which targets apply. */
  readonly histogram = new DwellHistogram()
  breaches = 0
  rework = 0

  get count(): number {
    return this.histogram.count
  }

  get sumMs(): number {
    return this.histogram.sumMs
  }

  add(visit: TalliedVisit): void {
    this.histogram.add(visit.workingMs)
    if (visit.breach !== undefined) this.breaches += 1
    if (visit.rework) this.rework += 1
  }

  remove(visit: TalliedVisit): void {
    this.histogram.remove(visit.workingMs)
    if (visit.breach !== undefined) this.breaches -= 1
    if (visit.rework) this.rework -= 1
  }
}
