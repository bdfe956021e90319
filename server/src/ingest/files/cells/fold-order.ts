import type { ReadTime } from './plain-time.ts'

/** A row with an ambiguous local time (DST fold). */
interface FoldRow {
  readonly row: number
  readonly order: string
  readonly at: number
  readonly laterAt: number
}

/** A file has one such hour per year; rows beyond this limit count as the first of the two times. */
const maxFoldRows = 100_000
/** Clocks are never set back by more than this. */
const maxFoldMs = 3 * 3_600_000
/** A file counts as sorted if at most this share of its row pairs runs in the opposite direction. */
const maxOtherWayRatio = 0.1

/**
 * Resolves ambiguous local times (DST folds) by the row order within each order: if a file ascends and the time
 * decreases from one row to the next, clocks were set back in between. A descending file is read backwards, and an
 * unsorted file resolves nothing.
 */
export class FoldOrder {
  readonly #rows: FoldRow[] = []
  #lastOrder = ''
  #lastAt = Number.NaN
  #lastIsFold = false
  /** Ascending and descending pairs of adjacent rows: those of the same order, and all. */
  #sameUp = 0
  #sameDown = 0
  #anyUp = 0
  #anyDown = 0

  /** Rows have to be added in file order. */
  add(row: number, order: string, { at, laterAt, doubt }: ReadTime): void {
    const isFold = doubt === 'fold'
    if (at !== this.#lastAt && !(isFold && this.#lastIsFold))
      this.#countPair(at > this.#lastAt, order === this.#lastOrder)
    this.#lastOrder = order
    this.#lastAt = at
    this.#lastIsFold = isFold
    if (isFold && this.#rows.length < maxFoldRows) this.#rows.push({ row, order, at, laterAt })
  }

  laterRows(): ReadonlySet<number> {
    const later = new Set<number>()
    const direction = this.#direction()
    if (direction === 'unsorted') return later
    const lastAt = new Map<string, number>()
    for (const { row, order, at, laterAt } of direction === 'ascending' ? this.#rows : this.#rows.toReversed()) {
      const last = lastAt.get(order)
      const isLater = last !== undefined && at < last && last - at < maxFoldMs
      if (isLater) later.add(row)
      lastAt.set(order, isLater ? laterAt : at)
    }
    return later
  }

  #countPair(isUp: boolean, isSameOrder: boolean): void {
    if (Number.isNaN(this.#lastAt)) return
    if (isUp) this.#anyUp += 1
    else this.#anyDown += 1
    if (!isSameOrder) return
    if (isUp) this.#sameUp += 1
    else this.#sameDown += 1
  }

  #direction(): 'ascending' | 'descending' | 'unsorted' {
    const hasPairs = this.#sameUp + this.#sameDown > 0
    const [up, down] = hasPairs ? [this.#sameUp, this.#sameDown] : [this.#anyUp, this.#anyDown]
    if (down <= up * maxOtherWayRatio) return 'ascending'
    return up <= down * maxOtherWayRatio ? 'descending' : 'unsorted'
  }
}
