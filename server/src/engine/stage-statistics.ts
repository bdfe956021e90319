import type { DwellHistogram } from './dwell-histogram.ts'
import type { IdSet } from './id-set.ts'

/** What a scan says of the visits of one stage; there is at least one. */
export interface StageStatistics {
  readonly histogram: DwellHistogram
  readonly visits: number
  readonly sumMs: number
  readonly orderSet: IdSet
  /** Distinct orders. */
  readonly orders: number
  readonly rework: number
  /** Visits that were held against a target; `breaches` passed it. */
  readonly judged: number
  readonly breaches: number
  readonly minMs: number
  readonly maxMs: number
}
