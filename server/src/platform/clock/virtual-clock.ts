import type { Clock, ClockStep } from './clock.ts'

interface Timer {
  /** By the wall clock (epoch ms) or by elapsed time. */
  readonly due: number
  readonly isWall: boolean
  readonly callback: () => void
}

/** A clock that advances only on request. */
export class VirtualClock implements Clock {
  #now: number
  #elapsed = 0
  readonly #timers = new Set<Timer>()
  readonly #listeners = new Set<(step: ClockStep) => void>()

  constructor(now: number) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  elapsed(): number {
    return this.#elapsed
  }

  at(instant: number, callback: () => void): () => void {
    return this.#add({ due: instant, isWall: true, callback })
  }

  after(delayMs: number, callback: () => void): () => void {
    return this.#add({ due: this.#elapsed + delayMs, isWall: false, callback })
  }

  onStep(listener: (step: ClockStep) => void): () => void {
    const own = (step: ClockStep): void => listener(step)
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  /** Listeners are called as soon as the clock is set, so there is nothing left to find. */
  checkForStep(): void {}

  /** Sets the wall clock, in either direction; no time elapses. */
  set(instant: number): void {
    const byMs = instant - this.#now
    this.#now = instant
    for (const listener of this.#listeners) listener({ at: instant, byMs })
    this.advanceTo(instant)
  }

  /** Advances to the instant and fires the timers that become due on the way, in order of time. */
  advanceTo(instant: number): void {
    for (let next = this.#next(instant); next !== undefined; next = this.#next(instant)) {
      this.#timers.delete(next)
      this.#pass(this.#leftMs(next))
      next.callback()
    }
    this.#pass(instant - this.#now)
  }

  /**
   * Advances in one step: timers that become due within it fire once, at its end, with the end as the current time. It
   * simulates time that passes faster than it is checked.
   */
  stepTo(instant: number): void {
    this.#pass(instant - this.#now)
    for (let due = this.#due(); due.length > 0; due = this.#due()) {
      for (const timer of due) if (this.#timers.delete(timer)) timer.callback()
    }
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  #pass(ms: number): void {
    this.#now += Math.max(0, ms)
    this.#elapsed += Math.max(0, ms)
  }

  /** Ms until the timer is due; never negative. */
  #leftMs({ due, isWall }: Timer): number {
    return Math.max(0, due - (isWall ? this.#now : this.#elapsed))
  }

  #due(): Timer[] {
    return [...this.#timers].filter((timer) => this.#leftMs(timer) === 0)
  }

  #next(until: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      const leftMs = this.#leftMs(timer)
      if (leftMs <= Math.max(0, until - this.#now) && (first === undefined || leftMs < this.#leftMs(first)))
        first = timer
    }
    return first
  }
}
