import type { PackedGroups } from './group-counts.ts'
import type { SpanStarts } from './time-columns.ts'
import type { VisitBatch, VisitChoice, VisitDimension } from './visit-batch.ts'

/** What a scan counts into. What several threads have counted adds up to what a single one would have. */
export interface VisitTable {
  /** What an empty one is made from, on another thread too. */
  readonly plan: TablePlan
  /** What it reads of a visit. */
  readonly reads: Pick<VisitChoice, 'id' | 'also'>
  /** It has become too large to be of use: there is no need to scan further. */
  readonly isFull: boolean
  add(batch: VisitBatch): void
  pack(): PackedTable
  /** Adds what another table of the same plan has packed; yields often. */
  merge(packed: PackedTable): Generator<void>
}

export interface GroupPlan {
  readonly kind: 'groups'
  readonly dimension: VisitDimension
  readonly spans: SpanStarts
  /** Of which instant the columns tell; left out: of when visits were left. */
  readonly instant?: 'enteredAt'
  /** With more rows than these the table is of no use. */
  readonly maxRows: number
}

export interface FlowPlan {
  readonly kind: 'flow'
  /** One column for each span, in their order. */
  readonly spans: SpanStarts
  /** End of the last span, not included; epoch ms. */
  readonly to: number
}

export interface SumPlan {
  readonly kind: 'sums'
  readonly dimension: VisitDimension
}

export type TablePlan = { readonly kind: 'stages' } | GroupPlan | FlowPlan | SumPlan

/** A table in few typed arrays, which go from thread to thread without being copied. */
export interface PackedTable {
  /** A few numbers for each cell that has a visit. */
  readonly cells: Float64Array
  /** What is counted of each of them. */
  readonly groups: PackedGroups
  /** The bits of the cells' orders, one cell after the other. */
  readonly orders: Uint32Array
}
