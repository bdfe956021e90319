import type { LiveEngine } from '../engine/live-engine.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { VisitDimension } from '../engine/visit-batch.ts'

/** What a heat map is made from. */
export interface HeatSource {
  readonly engine: LiveEngine
  /** Whether the stage's source was silent when that hour turned. */
  isMissing(stage: StageAggregates, hourAt: number): boolean
}

/** A stage, or the text of a department, a customer, a class of customers or a product; empty: none is named. */
export type HeatRow = StageAggregates | string

/** What a heat map is made from. */
export interface HeatSource {
  readonly engine: LiveEngine
  /** Whether the stage's source was silent when that hour turned. */
  isMissing(stage: StageAggregates, hourAt: number): boolean
}

export interface HeatCell {
  /** Null: there is nothing to say. */
  readonly value: number | null
  /** What the value rests on. */
  readonly count: number
}

/** The rows that have something to say; the places of a row are columns, and empty where there is nothing. */
export type HeatCells = ReadonlyMap<HeatRow, readonly (HeatCell | undefined)[]>

/** The row that a number of a dimension stands for. */
export function heatRow(engine: LiveEngine, dimension: VisitDimension, id: number): HeatRow {
  switch (dimension) {
    case 'stage':
      return engine.stage(id)
    case 'department':
      return engine.ended.departments.textOf(id)
    case 'customer':
      return engine.ended.customers.textOf(id)
    case 'customerClass':
      return engine.ended.customerClasses.textOf(id)
    case 'product':
      return engine.ended.products.textOf(id)
  }
}
