/** Width of the finest time steps; each further level is `widening` times wider. */
const finestMs = 60_000
const widening = 8
/** Steps of 1, 8 and 64 minutes, 8.5 hours and 2.8 days. */
const widthsMs = Array.from({ length: 5 }, (_, level) => finestMs * widening ** level)
/** A level is used from the age at which its step is at most this fraction of the age. */
const stepsOfAge = 8

/** A number of visits with the same approximate entry time. */
export interface EnteredVisits {
  readonly enteredAt: number
  readonly count: number
}

/**
 * Entry times of visits, counted in time steps of several widths, so that the ages of a million visits are read from at
 * most some 250 steps. The error is at most half a minute, or 1/16 of the age if that is more. Retractable.
 */
export class EntryCounts {
  readonly #levels = widthsMs.map(() => new Map<number, number>())
  #total = 0

  get total(): number {
    return this.#total
  }

  add(enteredAt: number, delta: number): void {
    this.#total += delta
    let widthMs = finestMs
    for (const counts of this.#levels) {
      const step = Math.floor(enteredAt / widthMs)
      widthMs *= widening
      const count = (counts.get(step) ?? 0) + delta
      if (count === 0) counts.delete(step)
      else counts.set(step, count)
    }
  }

  /** Newest first. Visits entered after `now` are reported as entered now. */
  *entries(now: number): Generator<EnteredVisits> {
    // All steps read so far start at or after `end`; the rest is read from wider steps, the last level completely.
    let end = (Math.floor(now / finestMs) + 1) * finestMs
    let found = 0
    for (const [level, counts] of this.#levels.entries()) {
      if (found === this.#total) return
      const isLast = level === widthsMs.length - 1
      const wider = width(level + 1)
      const steps = isLast ? stepsBefore(counts, end / width(level)) : stepsBack(end, width(level), wider, now)
      for (const step of steps) {
        end = step * width(level)
        const count = counts.get(step) ?? 0
        found += count
        if (count > 0) yield { enteredAt: Math.min(now, end + width(level) / 2), count }
      }
    }
    if (found < this.#total) yield { enteredAt: now, count: this.#total - found }
  }
}

function width(level: number): number {
  return widthsMs[level] ?? Number.POSITIVE_INFINITY
}

/** Steps back from `end` to a boundary of the next wider steps at which they are fine enough. */
function* stepsBack(end: number, widthMs: number, widerMs: number, now: number): Generator<number> {
  for (let at = end; now - at < stepsOfAge * widerMs || at % widerMs !== 0; at -= widthMs) yield at / widthMs - 1
}

/** The existing steps before `step`, newest first. */
function stepsBefore(counts: ReadonlyMap<number, number>, step: number): number[] {
  return [...counts.keys()].filter((key) => key < step).toSorted((a, b) => b - a)
}
