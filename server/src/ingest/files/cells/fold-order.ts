import type { ReadTime } from './plain-time.ts'

/** A row whose local time the clocks showed twice. */
interface FoldRow {
  readonly row: number
  readonly order: string
  readonly at: number
  readonly laterAt: number
}

/** A file has one hour a year of them; what comes beyond is meant to be the first of the two. */
const maxFoldRows = 100_000
/** No clock is put back further. */
const maxFoldMs = 3 * 3_600_000
/** A file is sorted when so few of its pairs run the other way. */
const maxOtherWayRatio = 0.1

/**
 * Tells which of the two times of a fold is meant by the order of an order's rows: where a file ascends and the clock
 * goes back from one row to the next, it was set back between them. A file that descends is read upward, and one that
 * is not sorted tells nothing.
 */
export class FoldOrder {
  readonly #rows: FoldRow[] = []
  #lastOrder = ''
  #lastAt = Number.NaN
  #lastIsFold = false
  /** Pairs of neighbours that ascend and that descend: of one order, and of any. */
  #sameUp = 0
  #sameDown = 0
  #anyUp = 0
  #anyDown = 0

  /** Takes the rows in the order of the file. */
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
