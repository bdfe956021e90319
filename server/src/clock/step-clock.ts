import type { Clock } from './clock.ts'

interface Timer {
  readonly at: number
  readonly callback: () => void
}

/**
 * Time that moves in steps, for what happens faster than it is looked at: what became due within a step is called
 * once, at the end of it, and sees the end as the present.
 */
export class StepClock implements Clock {
  #now: number
  readonly #timers = new Set<Timer>()

  constructor(now: number) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  at(instant: number, callback: () => void): () => void {
    const timer = { at: instant, callback }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** @param instant not before the present. */
  stepTo(instant: number): void {
    this.#now = instant
    for (let due = this.#due(); due.length > 0; due = this.#due()) {
      for (const timer of due) {
        if (this.#timers.delete(timer)) timer.callback()
      }
    }
  }

  #due(): Timer[] {
    return [...this.#timers].filter(({ at }) => at <= this.#now)
  }
}
