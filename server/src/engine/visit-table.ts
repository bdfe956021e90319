import type { PackedGroups } from './group-counts.ts'
import type { SpanStarts } from './time-columns.ts'
import type { VisitBatch, VisitChoice, VisitDimension } from './visit-batch.ts'

/** The target of a scan. The merged tables of several threads equal the table of a single one. */
export interface VisitTable {
  /** From which an empty table is created, also on another thread. */
  readonly plan: TablePlan
  /** The columns that it reads. */
  readonly reads: Pick<VisitChoice, 'id' | 'also' | 'parts'>
  /** The table is too large to be useful, so the scan can stop. */
  readonly isFull: boolean
  add(batch: VisitBatch): void
  pack(): PackedTable
  /** Adds the packed content of another table with the same plan; yields often. */
  merge(packed: PackedTable): Generator<void>
}

/** Maps numbers of a dimension to the number with which they are counted. */
export type SameRows = ReadonlyMap<number, number>

/** The cells of a table, see `TableCells`. */
export interface CellPlan {
  /** The dimension of the rows; `all`: there is a single row. */
  readonly dimension: VisitDimension | 'all'
  readonly sameRows?: SameRows
  readonly spans: SpanStarts
  /** The instant of the columns. Undefined: the end of visits. */
  readonly instant?: 'enteredAt'
  /** With more rows than this, the table is useless. */
  readonly maxRows: number
  /** The numbers that have a row of their own; all others share the row `otherRows`. Undefined: all have one. */
  readonly ownRows?: ReadonlySet<number>
}

export const otherRows = -1

export interface GroupPlan extends CellPlan {
  readonly kind: 'groups'
}

export interface PartPlan extends CellPlan {
  readonly kind: 'parts'
}

export interface FlowPlan {
  readonly kind: 'flow'
  /** One column for each span, in their order. */
  readonly spans: SpanStarts
  /** End of the last span, exclusive; epoch ms. */
  readonly to: number
}

export interface SumPlan {
  readonly kind: 'sums'
  readonly dimension: VisitDimension
  readonly sameRows?: SameRows
}

export type TablePlan = { readonly kind: 'stages' } | GroupPlan | PartPlan | FlowPlan | SumPlan

/** A table in a few typed arrays, which are transferred between threads without copying. */
export interface PackedTable {
  /** A few numbers for each cell with visits. */
  readonly cells: Float64Array
  /** The counts of these cells. */
  readonly groups: PackedGroups
  /** Order bitmaps of the cells, one after the other. */
  readonly orders: Uint32Array
}
