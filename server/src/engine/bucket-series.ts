import { progressStepMs } from '@stagewatch/shared/domain/evolve-visits.ts'

/** There is a mark at every quarter hour since 1970, UTC, which includes every full hour in every time zone. */
export const bucketMs = progressStepMs
const bucketsPerDay = 96

/** The first mark at or after the instant, from which a change counts. */
export function markFrom(atMs: number): number {
  return Math.ceil(atMs / bucketMs) * bucketMs
}

interface Day {
  readonly day: number
  /** Sum of `deltas`. */
  delta: number
  /** The change since the previous mark, for each mark of the day. */
  readonly deltas: Int32Array
}

/**
 * A count over time, such as open or overdue orders, readable at every quarter hour. It is stored as changes; adding
 * the negative undoes a change. A day without changes takes no memory.
 */
export class BucketSeries {
  readonly #byDay = new Map<number, Day>()
  /** Ascending. Reads start at the end, because they ask for the last hours. */
  readonly #days: Day[] = []
  #total = 0
  /** The day of the last change; the next change is often on the same day. */
  #recent: Day | undefined

  /** Increases the count by `delta` from the instant `atMs` on. */
  add(atMs: number, delta: number): void {
    const mark = Math.ceil(atMs / bucketMs)
    const number = Math.floor(mark / bucketsPerDay)
    const day = this.#recent?.day === number ? this.#recent : (this.#byDay.get(number) ?? this.#insert(number))
    this.#recent = day
    const index = mark - number * bucketsPerDay
    day.deltas[index] = (day.deltas[index] ?? 0) + delta
    day.delta += delta
    this.#total += delta
  }

  /**
   * The count at a mark, including changes at that very instant.
   * @throws RangeError if `markMs` is not a mark.
   */
  valueAt(markMs: number): number {
    if (markMs % bucketMs !== 0) throw new RangeError(`${markMs} is not a full quarter hour`)
    const mark = markMs / bucketMs
    const number = Math.floor(mark / bucketsPerDay)
    let value = this.#total
    for (let i = this.#days.length - 1; i >= 0; i--) {
      const day = this.#days[i]
      if (day === undefined || day.day < number) break
      if (day.day > number) value -= day.delta
      else for (let j = mark - number * bucketsPerDay + 1; j < bucketsPerDay; j++) value -= day.deltas[j] ?? 0
    }
    return value
  }

  #insert(number: number): Day {
    if (!Number.isInteger(number)) throw new RangeError('a change needs a finite instant')
    const day = { day: number, delta: 0, deltas: new Int32Array(bucketsPerDay) }
    this.#byDay.set(number, day)
    const earlier = this.#days.findLastIndex((other) => other.day < number)
    this.#days.splice(earlier + 1, 0, day)
    return day
  }
}
