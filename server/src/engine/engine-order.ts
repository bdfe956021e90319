import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { Completion } from './completions.ts'
import type { CountedVisit } from './counted-visit.ts'
import type { ProcessLedger } from './process-ledger.ts'

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

/** When the order came into the process. Facts may be older than it: a file of orders without dates says since ever. */
export function arrivedAt({ placedAt, visits, firstAt }: FoldedOrder): number {
  return placedAt ?? visits[0]?.enteredAt ?? firstAt
}
