import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import type { Completion } from './completions.ts'
import type { ProcessLedger } from './process-ledger.ts'
import type { StageLedger } from './stage-ledger.ts'

/** A visit with what the engine must know to take its contribution back. */
export interface CountedVisit {
  readonly visit: StageVisit
  readonly ledger: StageLedger
  /** Row of the visit store; undefined for a cancelled visit, which counts in no duration. */
  readonly row: number | undefined
}

/** An order as the engine has counted it in. */
export interface EngineOrder {
  readonly state: FoldedOrder
  /** How many events the state contains: of two states the one with more is newer. */
  readonly eventCount: number
  readonly process: ProcessLedger
  /** Visits that have ended, in order. */
  readonly ended: CountedVisit[]
  /** Slot of the open visit. */
  readonly openSlot: number | undefined
  readonly completion: Completion | undefined
}
