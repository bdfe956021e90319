import type { FoldState } from '@stagewatch/shared/domain/fold-state.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'

/** An order as its events now say, to be written over what the tables say. */
export interface FoldedChange {
  readonly order: string
  readonly process: string
  /** Events that the fold contains. */
  readonly eventCount: number
  /** Events that the table's row contains; 0: there is no row yet. */
  readonly savedEventCount: number
  /** Undefined: every event of the order was taken back. */
  readonly state: FoldState | undefined
  /** The visits that the table holds of it; undefined: not known. */
  readonly savedVisits: readonly StageVisit[] | undefined
}
