import { breachedBit, judgedBit, reworkBit, VisitColumns } from './visit-columns.ts'
import type { VisitBreach, VisitRow } from './visit-columns.ts'

/** A chunk of visits for the thread that writes it: the shared columns, and what only that thread needs to know. */
export class VisitChunk {
  readonly columns = new VisitColumns()
  /** Of the visits that have the flag; few do, and no scan asks for it. */
  readonly #breaches = new Map<number, VisitBreach>()
  /** Bounds of `leftAt`, so that scans of a span of time skip whole chunks. Removals leave them too wide at worst. */
  #earliestLeftAt = Number.POSITIVE_INFINITY
  #latestLeftAt = Number.NEGATIVE_INFINITY

  /** False when certainly no visit was left from `fromMs` up to, not including, `toMs`. */
  mayOverlap(fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY): boolean {
    return this.#latestLeftAt >= fromMs && this.#earliestLeftAt < toMs
  }

  write(index: number, row: VisitRow): void {
    const { columns } = this
    columns.beginWrite()
    columns.leftAt[index] = row.leftAt
    columns.durations('elapsed').set(index, row.leftAt - row.enteredAt)
    columns.durations('working').set(index, row.workingMs)
    columns.order[index] = row.order
    columns.customer[index] = row.customer
    columns.customerClass[index] = row.customerClass
    columns.product[index] = row.product
    columns.department[index] = row.department
    columns.stageAndFlags[index] =
      row.stage |
      (row.rework ? reworkBit : 0) |
      (row.judged ? judgedBit : 0) |
      (row.breach === undefined ? 0 : breachedBit)
    columns.endWrite()
    if (row.breach !== undefined) this.#breaches.set(index, row.breach)
    this.#earliestLeftAt = Math.min(this.#earliestLeftAt, row.leftAt)
    this.#latestLeftAt = Math.max(this.#latestLeftAt, row.leftAt)
  }

  /** @param link what the row keeps in place of its order until it is written again. */
  clear(index: number, link: number): void {
    this.columns.beginWrite()
    this.columns.leftAt[index] = Number.NaN
    this.columns.order[index] = link
    this.columns.endWrite()
    this.#breaches.delete(index)
  }

  read(index: number): VisitRow {
    const { columns } = this
    const leftAt = columns.leftAt[index] ?? 0
    return {
      stage: columns.stage(index),
      order: columns.order[index] ?? 0,
      department: columns.department[index] ?? 0,
      customer: columns.customer[index] ?? 0,
      customerClass: columns.customerClass[index] ?? 0,
      product: columns.product[index] ?? 0,
      enteredAt: leftAt - columns.durations('elapsed').get(index),
      leftAt,
      workingMs: columns.durations('working').get(index),
      rework: ((columns.stageAndFlags[index] ?? 0) & reworkBit) !== 0,
      judged: ((columns.stageAndFlags[index] ?? 0) & judgedBit) !== 0,
      breach: this.#breaches.get(index),
    }
  }

  /** The visits that passed their target. */
  *breached(): Generator<VisitRow> {
    for (const index of this.#breaches.keys()) yield this.read(index)
  }
}
