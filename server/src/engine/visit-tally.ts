import { DwellHistogram } from './dwell-histogram.ts'
import type { VisitRow } from './visit-columns.ts'

/** What counting needs to know of a finished visit. */
export type TalliedVisit = Pick<VisitRow, 'stage' | 'enteredAt' | 'leftAt' | 'rework' | 'breached'>

/** What a group of finished visits amounts to; every addition can be taken back. */
export class VisitTally {
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
    this.histogram.add(visit.leftAt - visit.enteredAt)
    if (visit.breached) this.breaches += 1
    if (visit.rework) this.rework += 1
  }

  remove(visit: TalliedVisit): void {
    this.histogram.remove(visit.leftAt - visit.enteredAt)
    if (visit.breached) this.breaches -= 1
    if (visit.rework) this.rework -= 1
  }

  merge(other: VisitTally): void {
    this.histogram.merge(other.histogram)
    this.breaches += other.breaches
    this.rework += other.rework
  }
}
