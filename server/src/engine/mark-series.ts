/** Marks stand at every half hour since 1970, UTC: the turn of every hour in every time zone is one of them. */
export const markStepMs = 30 * 60_000
const marksPerDay = 48

interface Day {
  readonly day: number
  /** Sum of `deltas`. */
  delta: number
  /** What changed since the previous mark, for each mark of the day. */
  readonly deltas: Int32Array
}

/**
 * A count over time, read at the marks: so many open or overdue orders at each half hour. It is kept as changes,
 * which are taken back by their negative. A day on which nothing changed takes no room.
 */
export class MarkSeries {
  readonly #byDay = new Map<number, Day>()
  /** Ascending. Reads walk it from the end, because they ask for the last hours. */
  readonly #days: Day[] = []
  #total = 0

  /** From the instant `atMs` on, the count is `delta` more. */
  add(atMs: number, delta: number): void {
    const mark = Math.ceil(atMs / markStepMs)
    const number = Math.floor(mark / marksPerDay)
    const day = this.#byDay.get(number) ?? this.#insert(number)
    const index = mark - number * marksPerDay
    day.deltas[index] = (day.deltas[index] ?? 0) + delta
    day.delta += delta
    this.#total += delta
  }

  /**
   * The count at a mark, changes at that very instant included.
   * @throws RangeError when `markMs` is no mark.
   */
  valueAt(markMs: number): number {
    if (markMs % markStepMs !== 0) throw new RangeError(`${markMs} is not a full half hour`)
    const mark = markMs / markStepMs
    const number = Math.floor(mark / marksPerDay)
    let value = this.#total
    for (let i = this.#days.length - 1; i >= 0; i--) {
      const day = this.#days[i]
      if (day === undefined || day.day < number) break
      if (day.day > number) value -= day.delta
      else for (let j = mark - number * marksPerDay + 1; j < marksPerDay; j++) value -= day.deltas[j] ?? 0
    }
    return value
  }

  #insert(number: number): Day {
    if (!Number.isInteger(number)) throw new RangeError('a change needs a finite instant')
    const day = { day: number, delta: 0, deltas: new Int32Array(marksPerDay) }
    this.#byDay.set(number, day)
    const earlier = this.#days.findLastIndex((other) => other.day < number)
    this.#days.splice(earlier + 1, 0, day)
    return day
  }
}
