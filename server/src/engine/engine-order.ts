import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { Completion } from './completions.ts'
import type { ProcessAggregates } from './process-aggregates.ts'

/** The part of an order that lists and searches need, without its visits. */
export type OrderHead = Omit<FoldedOrder, 'visits' | 'holds'>

/** An order as counted in the engine. The contribution of its ended visits is in the visit stores. */
export interface EngineOrder {
  readonly head: OrderHead
  /** Kept while the order is open, to detect the effect of a later state; for an ended order it is in the database. */
  readonly state: FoldedOrder | undefined
  /** The state of a long order that has ended, as long as the fold cache holds it. */
  readonly endedState?: WeakRef<FoldedOrder> | undefined
  /** A unique number that identifies the order in statistics. */
  readonly number: number
  /** Number of events in the state: of two states, the one with more events is newer. */
  readonly eventCount: number
  readonly process: ProcessAggregates
  /** When the order entered the process. */
  readonly arrivedAt: number
  /** The places of the ended visits in `EndedVisits`, in order. Places may change, but their number does not. */
  readonly ended: number[]
  /** Slot of the open visit. */
  readonly openSlot: number | undefined
  readonly completion: Completion | undefined
  /** Its ended visits are being recounted, see `countInSteps`. */
  readonly isPartial?: true
}

export function headOf({ visits: _visits, holds: _holds, ...head }: FoldedOrder): OrderHead {
  return head
}

/** The new state of an order, see `LiveEngine.apply`. */
export interface AppliedOrder {
  readonly order: string
  readonly process: string
  readonly state: FoldedOrder | undefined
  readonly eventCount: number
}
