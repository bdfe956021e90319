import { DwellHistogram } from './dwell-histogram.ts'
import type { VisitRow } from './visit-columns.ts'

/** What counting needs to know of a finished visit. */
export type TalliedVisit = Pick<VisitRow, 'stage' | 'leftAt' | 'workingMs' | 'rework' | 'breach'>

/** What a group of finished visits amounts to; every addition can be taken back. */
export class VisitTally {
  /** Of working dwell, which is what targets are about. */
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
