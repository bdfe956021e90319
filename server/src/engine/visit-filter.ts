import { IdSet } from './id-set.ts'
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
  readonly products?: ReadonlySet<number>
}

/** A filter made ready for millions of rows. */
export class VisitTest {
  readonly #fromMs: number
  readonly #toMs: number
  readonly #stages: IdSet | undefined
  readonly #departments: IdSet | undefined
  readonly #customers: IdSet | undefined
  readonly #products: IdSet | undefined

  constructor(filter: VisitFilter) {
    this.#fromMs = filter.fromMs ?? Number.NEGATIVE_INFINITY
    this.#toMs = filter.toMs ?? Number.POSITIVE_INFINITY
    this.#stages = filter.stages && IdSet.of(filter.stages)
    this.#departments = filter.departments && IdSet.of(filter.departments)
    this.#customers = filter.customers && IdSet.of(filter.customers)
    this.#products = filter.products && IdSet.of(filter.products)
  }

  mayMatch(columns: VisitColumns): boolean {
    return columns.mayOverlap(this.#fromMs, this.#toMs)
  }

  matches(columns: VisitColumns, index: number): boolean {
    const leftAt = columns.leftAt[index] ?? Number.NaN
    return (
      leftAt >= this.#fromMs &&
      leftAt < this.#toMs &&
      (this.#stages?.has(columns.stage(index)) ?? true) &&
      (this.#departments?.has(columns.department[index] ?? 0) ?? true) &&
      (this.#customers?.has(columns.customer[index] ?? 0) ?? true) &&
      (this.#products?.has(columns.product[index] ?? 0) ?? true)
    )
  }
}
