import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { Completion } from './completions.ts'
import type { ProcessAggregates } from './process-aggregates.ts'

/** What lists and searches need of an order, its way through the stages left out. */
export type OrderHead = Omit<FoldedOrder, 'visits' | 'holds'>

/** An order as the engine has counted it in. What its ended visits contribute stands in the visit stores. */
export interface EngineOrder {
  readonly head: OrderHead
  /** Kept while the order is open, to see what a later state changes; of an ended order the database knows it. */
  readonly state: FoldedOrder | undefined
  /** One number for each order, by which statistics tell orders apart. */
  readonly number: number
  /** How many events the state contains: of two states the one with more is newer. */
  readonly eventCount: number
  readonly process: ProcessAggregates
  /** When the order came into the process. */
  readonly arrivedAt: number
  /** Where `EndedVisits` keeps the ended visits, in order. Places change, their number does not. */
  readonly ended: number[]
  /** Slot of the open visit. */
  readonly openSlot: number | undefined
  readonly completion: Completion | undefined
}

export function headOf({ visits: _visits, holds: _holds, ...head }: FoldedOrder): OrderHead {
  return head
}
