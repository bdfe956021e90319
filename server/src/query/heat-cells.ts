import type { StageLedger } from '../engine/stage-ledger.ts'

/** A stage, or the text of a department, a customer or a product; empty: none is named. */
export type HeatRow = StageLedger | string

export interface HeatCell {
  /** Null: there is nothing to say. */
  readonly value: number | null
  /** What the value rests on. */
  readonly count: number
}

/** The rows that have something to say; the places of a row are columns, and empty where there is nothing. */
export type HeatCells = ReadonlyMap<HeatRow, readonly (HeatCell | undefined)[]>
