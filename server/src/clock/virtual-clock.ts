import type { Clock } from './clock.ts'

interface Timer {
  readonly at: number
  readonly callback: () => void
}

/** Time that moves only when it is told to. */
export class VirtualClock implements Clock {
  #now: number
  readonly #timers = new Set<Timer>()

  constructor(now: number) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  at(instant: number, callback: () => void): () => void {
    const timer = { at: Math.max(instant, this.#now), callback }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** Moves on to the instant and fires what became due on the way, in order of time. */
  advanceTo(instant: number): void {
    for (let next = this.#next(instant); next !== undefined; next = this.#next(instant)) {
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
    }
    this.#now = Math.max(this.#now, instant)
  }

  /**
   * Moves on in one step: what became due within it is called once, at its end, and sees the end as the present. For
   * what happens faster than it is looked at.
   */
  stepTo(instant: number): void {
    this.#now = Math.max(this.#now, instant)
    for (let due = this.#due(); due.length > 0; due = this.#due()) {
      for (const timer of due) if (this.#timers.delete(timer)) timer.callback()
    }
  }

  #due(): Timer[] {
    return [...this.#timers].filter(({ at }) => at <= this.#now)
  }

  #next(until: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers)
      if (timer.at <= until && (first === undefined || timer.at < first.at)) first = timer
    return first
  }
}
