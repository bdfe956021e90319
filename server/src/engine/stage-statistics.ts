import { DwellHistogram } from './dwell-histogram.ts'
import { IdSet } from './id-set.ts'
import type { VisitColumns } from './visit-columns.ts'

/** What a scan says of the visits of one stage; it holds at least one. */
export class StageStatistics {
  readonly histogram = new DwellHistogram()
  readonly #orders = new IdSet()
  rework = 0
  breaches = 0
  minMs = Number.POSITIVE_INFINITY
  maxMs = Number.NEGATIVE_INFINITY

  /** @param dwellMs of the visit on the clock that was asked for. */
  add(columns: VisitColumns, index: number, dwellMs: number): void {
    this.histogram.add(dwellMs)
    this.#orders.add(columns.order[index] ?? 0)
    if (columns.isRework(index)) this.rework += 1
    if (columns.isBreached(index)) this.breaches += 1
    if (dwellMs < this.minMs) this.minMs = dwellMs
    if (dwellMs > this.maxMs) this.maxMs = dwellMs
  }

  get visits(): number {
    return this.histogram.count
  }

  /** Distinct orders. */
  get orders(): number {
    return this.#orders.size
  }

  get sumMs(): number {
    return this.histogram.sumMs
  }
}
