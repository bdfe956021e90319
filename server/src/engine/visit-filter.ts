import { IdSet } from './id-set.ts'
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

/** A filter made ready for millions of rows. */
export class VisitTest {
  readonly #fromMs: number
  readonly #toMs: number
  readonly #stages: IdSet | undefined
  readonly #departments: IdSet | undefined
  readonly #customers: IdSet | undefined
  readonly #customerClasses: IdSet | undefined
  readonly #products: IdSet | undefined

  constructor(filter: VisitFilter) {
    this.#fromMs = filter.fromMs ?? Number.NEGATIVE_INFINITY
    this.#toMs = filter.toMs ?? Number.POSITIVE_INFINITY
    this.#stages = filter.stages && IdSet.of(filter.stages)
    this.#departments = filter.departments && IdSet.of(filter.departments)
    this.#customers = filter.customers && IdSet.of(filter.customers)
    this.#customerClasses = filter.customerClasses && IdSet.of(filter.customerClasses)
    this.#products = filter.products && IdSet.of(filter.products)
  }

  /**
   * Writes the indices from `from` up to, not including, `to` whose visits pass, and returns how many they are. One
   * column after the other and without branches: twice as fast as asking everything of each row.
   */
  select(columns: VisitColumns, from: number, to: number, selected: Uint32Array): number {
    let count = 0
    for (let index = from; index < to; index++) {
      const leftAt = columns.leftAt[index] ?? Number.NaN
      selected[count] = index
      count += Number(leftAt >= this.#fromMs) & Number(leftAt < this.#toMs)
    }
    if (this.#stages !== undefined) count = narrow(selected, count, columns.stageAndFlags, this.#stages, stageMask)
    if (this.#departments !== undefined) count = narrow(selected, count, columns.department, this.#departments)
    if (this.#customers !== undefined) count = narrow(selected, count, columns.customer, this.#customers)
    if (this.#customerClasses !== undefined) {
      count = narrow(selected, count, columns.customerClass, this.#customerClasses)
    }
    if (this.#products !== undefined) count = narrow(selected, count, columns.product, this.#products)
    return count
  }
}

/** Keeps those of the selected rows whose id is in the set. */
function narrow(
  selected: Uint32Array,
  count: number,
  ids: Uint8Array | Uint16Array | Uint32Array,
  wanted: IdSet,
  mask = -1,
): number {
  let kept = 0
  for (let i = 0; i < count; i++) {
    const index = selected[i] ?? 0
    selected[kept] = index
    kept += wanted.bit((ids[index] ?? 0) & mask)
  }
  return kept
}
