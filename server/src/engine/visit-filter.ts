import { narrowRows, narrowToSpan, selectRows, selectSpan, WantedIds } from './narrow-rows.ts'
import { stageMask } from './visit-columns.ts'
import type { VisitColumns } from './visit-columns.ts'

/** Which visits count: those that were left in the span and whose every dimension is in its set. */
export interface VisitFilter {
  /** Epoch ms, included. */
  readonly fromMs?: number
  /** Epoch ms, not included. */
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

/** A filter made ready for millions of rows. */
export class VisitTest {
  /** From, included, and to, not included; epoch ms. */
  readonly #span: Float64Array
  /** They let few visits through. */
  readonly #rare: readonly DimensionTest[]
  readonly #common: readonly DimensionTest[]

  constructor({ fromMs, toMs, stages, departments, customers, customerClasses, products }: VisitFilter) {
    this.#span = Float64Array.of(fromMs ?? Number.NEGATIVE_INFINITY, toMs ?? Number.POSITIVE_INFINITY)
    this.#rare = [...testOf('customer', customers), ...testOf('product', products)]
    this.#common = [
      ...testOf('department', departments),
      ...testOf('customerClass', customerClasses),
      ...testOf('stageAndFlags', stages, stageMask),
    ]
  }

  /**
   * Writes the indices from `from` up to, not including, `to` whose visits pass, and returns how many they are: one
   * column after the other, that of a rare thing first. Where no visit is, the instants say so.
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
