const hourMs = 3_600_000

/** A span of working time, epoch ms, `end` exclusive. */
export interface WorkingInterval {
  readonly start: number
  readonly end: number
}

/**
 * Working time of a window as sorted intervals with prefix sums. One index by hour, and one by hour of work, find an
 * interval in one or two steps. All queried instants must be within the window.
 */
export class WorkingTime {
  readonly from: number
  readonly totalMs: number
  /** One more than there are intervals, the last being Infinity. */
  readonly #starts: Float64Array
  readonly #ends: Float64Array
  /** Working ms of the window before each interval. */
  readonly #workedBefore: Float64Array
  /** The first interval that ends at or after the start of each hour of the window. */
  readonly #firstOfHour: Uint32Array
  /** The interval in which each working hour of the window is completed. */
  readonly #firstOfWorkedHour: Uint32Array

  /** @param intervals sorted and disjoint, within the window. */
  constructor(from: number, to: number, intervals: readonly WorkingInterval[]) {
    this.from = from
    this.#starts = Float64Array.from([...intervals.map(({ start }) => start), Infinity])
    this.#ends = Float64Array.from([...intervals.map(({ end }) => end), Infinity])
    this.#workedBefore = new Float64Array(intervals.length + 1)
    let workedMs = 0
    for (const [i, { start, end }] of intervals.entries()) {
      workedMs += end - start
      this.#workedBefore[i + 1] = workedMs
    }
    this.totalMs = workedMs
    this.#firstOfHour = firstReaching(this.#ends, from, to)
    this.#firstOfWorkedHour = firstReaching(this.#workedBefore.subarray(1), 0, workedMs)
  }

  /** Working ms from the start of the window to an instant. */
  workedMs(at: number): number {
    const i = this.#indexOf(at)
    return value(this.#workedBefore, i) + Math.max(0, at - value(this.#starts, i))
  }

  /** The first instant at which `workedMs` is reached, which is more than 0 and at most `totalMs`. */
  instantOf(workedMs: number): number {
    let i = entry(this.#firstOfWorkedHour, Math.floor(workedMs / hourMs))
    while (value(this.#workedBefore, i + 1) < workedMs) i++
    return value(this.#starts, i) + workedMs - value(this.#workedBefore, i)
  }

  isWorking(at: number): boolean {
    return value(this.#starts, this.#indexOf(at)) <= at
  }

  /** The first working instant not before `at`. Undefined: none in this window. */
  workingFrom(at: number): number | undefined {
    const start = value(this.#starts, this.#indexOf(at))
    return start === Infinity ? undefined : Math.max(start, at)
  }

  /** End of the interval that contains the working instant `at`. */
  endOf(at: number): number {
    return value(this.#ends, this.#indexOf(at))
  }

  /** The first interval that ends after `at`. */
  #indexOf(at: number): number {
    let i = entry(this.#firstOfHour, Math.floor((at - this.from) / hourMs))
    while (value(this.#ends, i) <= at) i++
    return i
  }
}

/** For every hour of `from`..`to` the first index at which the ascending bounds reach its start. */
function firstReaching(bounds: Float64Array, from: number, to: number): Uint32Array {
  const first = new Uint32Array(Math.floor((to - from) / hourMs) + 1)
  let i = 0
  for (let hour = 0; hour < first.length; hour++) {
    while (value(bounds, i) < from + hour * hourMs) i++
    first[hour] = i
  }
  return first
}

/** Every index here is within its array: the last end is Infinity, and instants are within the window. */
function value(array: Float64Array, index: number): number {
  return array[index] as number
}

/** Separate from `value`, so that each sees only one type of array: a sixth faster. */
function entry(array: Uint32Array, index: number): number {
  return array[index] as number
}
