import type { DwellHistogram } from './dwell-histogram.ts'
import type { IdSet } from './id-set.ts'

/** Result of a scan for the visits of one stage, at least one. */
export interface StageStatistics {
  readonly histogram: DwellHistogram
  readonly visits: number
  readonly sumMs: number
  readonly orderSet: IdSet
  /** Number of distinct orders. */
  readonly orders: number
  readonly rework: number
  /** Number of visits with a target; `breaches` of them passed it. */
  readonly withTarget: number
  readonly breaches: number
  readonly minMs: number
  readonly maxMs: number
}
