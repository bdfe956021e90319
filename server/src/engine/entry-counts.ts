/** Width of the finest steps of time; those of each further level are so many times wider. */
const finestMs = 60_000
const widening = 8
/** Steps of 1, 8 and 64 minutes, 8.5 hours and 2.8 days. */
const widthsMs = Array.from({ length: 5 }, (_, level) => finestMs * widening ** level)
/** A level is read from where its step is so small a part of the age. */
const stepsOfAge = 8

/** So many visits, taken as entered at one instant. */
export interface EnteredVisits {
  readonly enteredAt: number
  readonly count: number
}

/**
 * When visits were entered, counted in steps of time of several widths, so that the ages of a million visits are read
 * from some 250 steps at most: within half a minute, or 1/16 of the age where that is more. Retractable.
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

  /** Newest first. What was entered after `now` is given as entered now. */
  *entries(now: number): Generator<EnteredVisits> {
    // What is read lies before; the rest is read from wider steps, the last level of them whole.
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

/** Steps back from `end` to where steps of the next width begin and are fine enough. */
function* stepsBack(end: number, widthMs: number, widerMs: number, now: number): Generator<number> {
  for (let at = end; now - at < stepsOfAge * widerMs || at % widerMs !== 0; at -= widthMs) yield at / widthMs - 1
}

/** The steps that there are before one, newest first. */
function stepsBefore(counts: ReadonlyMap<number, number>, step: number): number[] {
  return [...counts.keys()].filter((key) => key < step).toSorted((a, b) => b - a)
}
