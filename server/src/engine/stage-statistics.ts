import { DwellHistogram } from './dwell-histogram.ts'
import { IdSet } from './id-set.ts'
import type { VisitBatch } from './visit-batch.ts'

/** What a scan says of the visits of one stage; it holds at least one. */
export class StageStatistics {
  readonly histogram = new DwellHistogram()
  readonly orderSet = new IdSet()
  rework = 0
  /** Visits that were held against a target; `breaches` passed it. */
  judged = 0
  breaches = 0
  minMs = Number.POSITIVE_INFINITY
  maxMs = Number.NEGATIVE_INFINITY

  /** @param batch whose `id` is the order. */
  add(batch: VisitBatch, place: number): void {
    const dwellMs = batch.dwellMs[place] ?? 0
    this.histogram.add(dwellMs)
    this.orderSet.add(batch.id[place] ?? 0)
    if (batch.isRework(place)) this.rework += 1
    if (batch.isJudged(place)) this.judged += 1
    if (batch.isBreached(place)) this.breaches += 1
    if (dwellMs < this.minMs) this.minMs = dwellMs
    if (dwellMs > this.maxMs) this.maxMs = dwellMs
  }

  get visits(): number {
    return this.histogram.count
  }

  /** Distinct orders. */
  get orders(): number {
    return this.orderSet.size
  }

  get sumMs(): number {
    return this.histogram.sumMs
  }
}
