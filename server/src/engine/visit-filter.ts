import { narrowRows, narrowToSpan, selectRows, selectSpan, WantedIds } from './narrow-rows.ts'
import { departmentMask, nameMask, stageMask } from './visit-columns.ts'
import type { VisitColumns } from './visit-columns.ts'

/** Selects the visits that ended in the period and whose value in every dimension is in its set. */
export interface VisitFilter {
  /** Epoch ms, inclusive. */
  readonly fromMs?: number
  /** Epoch ms, exclusive. */
  readonly toMs?: number
  readonly stages?: ReadonlySet<number>
  readonly departments?: ReadonlySet<number>
  readonly customers?: ReadonlySet<number>
  readonly customerClasses?: ReadonlySet<number>
  readonly products?: ReadonlySet<number>
}

type Column = 'customer' | 'product' | 'department' | 'customerClass' | 'stageAndFlags'

interface DimensionTest {
  readonly column: Column
  readonly wanted: WantedIds
  readonly mask: number
}

/** A filter prepared for millions of rows. */
export class VisitTest {
  /** Start, inclusive, and end, exclusive; epoch ms. */
  readonly #span: Float64Array
  /** Tests that few visits pass. */
  readonly #rare: readonly DimensionTest[]
  readonly #common: readonly DimensionTest[]

  constructor({ fromMs, toMs, stages, departments, customers, customerClasses, products }: VisitFilter) {
    this.#span = Float64Array.of(fromMs ?? Number.NEGATIVE_INFINITY, toMs ?? Number.POSITIVE_INFINITY)
    this.#rare = [...testOf('customer', customers, nameMask), ...testOf('product', products, nameMask)]
    this.#common = [
      ...testOf('department', departments, departmentMask),
      ...testOf('customerClass', customerClasses),
      ...testOf('stageAndFlags', stages, stageMask),
    ]
  }

  /** Whether certainly every row of a chunk has a matching visit, which holds for most chunks of a long period. */
  passesAll(columns: VisitColumns): boolean {
    const [from = Number.NaN, to = Number.NaN] = this.#span
    return this.#rare.length + this.#common.length === 0 && columns.isWithin(from, to)
  }

  /**
   * Writes the indices from `from` up to `to`, exclusive, of matching visits, and returns their number. It tests column
   * by column, the most selective first. Rows without a visit fail the test of instants.
   */
  select(columns: VisitColumns, from: number, to: number, selected: Uint32Array): number {
    const [rarest, ...rare] = this.#rare
    let count =
      rarest === undefined
        ? selectSpan(from, to, selected, columns.leftAt, this.#span)
        : selectRows(from, to, selected, columns[rarest.column], rarest.wanted, rarest.mask)
    for (const { column, wanted, mask } of rare) count = narrowRows(selected, count, columns[column], wanted, mask)
    for (const { column, wanted, mask } of this.#common) {
      count = narrowRows(selected, count, columns[column], wanted, mask)
    }
    if (rarest === undefined) return count
    return narrowToSpan(selected, count, columns.leftAt, this.#span)
  }
}

function testOf(column: Column, ids: ReadonlySet<number> | undefined, mask = -1): DimensionTest[] {
  return ids === undefined ? [] : [{ column, wanted: new WantedIds(ids), mask }]
}
