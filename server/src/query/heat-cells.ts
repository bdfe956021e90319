import type { LiveEngine } from '../engine/live-engine.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { VisitDimension } from '../engine/visit-batch.ts'
import type { SameRows } from '../engine/visit-table.ts'

/** Input of a heat map. */
export interface HeatSource {
  readonly engine: LiveEngine
  /** Whether the stage's source was silent at that full hour. */
  isMissing(stage: StageAggregates, hourAt: number): boolean
}

/**
 * A stage, the key of a department, or the text of a customer, a customer class or a product; empty if none is given.
 */
export type HeatRow = StageAggregates | string

export interface HeatCell {
  /** Null if there is no value. */
  readonly value: number | null
  /** Number of orders or visits behind the value. */
  readonly count: number
}

/** The rows with values. The indices of a row are columns, undefined where there is no value. */
export type HeatCells = ReadonlyMap<HeatRow, readonly (HeatCell | undefined)[]>

/** The row for a number of a dimension. */
export function heatRow(engine: LiveEngine, dimension: VisitDimension, id: number): HeatRow {
  switch (dimension) {
    case 'stage':
      return engine.stage(id)
    case 'department':
      return engine.departmentTexts.keyOf(engine.ended.departments.textOf(id))
    case 'customer':
      return engine.ended.customers.textOf(id)
    case 'customerClass':
      return engine.ended.customerClasses.textOf(id)
    case 'product':
      return engine.ended.products.textOf(id)
  }
}

/** Numbers of a dimension that share a row, for a table's plan: several texts may denote the same department. */
export function sameRows({ ended, departmentTexts }: LiveEngine, dimension: VisitDimension): { sameRows?: SameRows } {
  if (dimension !== 'department') return {}
  const same = departmentTexts.merged.flatMap((texts) => {
    const [first, ...others] = texts.flatMap((text) => ended.departments.find(text) ?? [])
    return first === undefined ? [] : others.map((id) => [id, first] as const)
  })
  return same.length === 0 ? {} : { sameRows: new Map(same) }
}
