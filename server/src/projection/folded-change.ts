import type { FoldState } from '@stagewatch/shared/domain/fold-state.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'

/** An order according to its current events, to replace its rows. */
export interface FoldedChange {
  readonly order: string
  readonly process: string
  /** Number of events in the fold. */
  readonly eventCount: number
  /** Number of events in the table's row; 0 if there is no row yet. */
  readonly savedEventCount: number
  /** Undefined if every event of the order was retracted. */
  readonly state: FoldState | undefined
  /** The order's visits in the table. Undefined if they are unknown. */
  readonly savedVisits: readonly StageVisit[] | undefined
}
