/** A step of the wall clock: it was set while the server ran, or the machine was asleep. */
export interface ClockStep {
  /** The new time, epoch ms. */
  readonly at: number
  /** Size of the step, ms; negative if the clock was set back. */
  readonly byMs: number
}

/** The only source of time; tests use a virtual clock. Instants are epoch ms. */
export interface Clock {
  /** Wall-clock time. It may be set in either direction, so the difference of two readings is not a duration. */
  now(): number
  /** Ms since an arbitrary moment. It never goes back, even if the wall clock is set: use it for durations. */
  elapsed(): number
  /** Calls back once `now()` has reached the instant; returns a function that cancels it. */
  at(instant: number, callback: () => void): () => void
  /** Calls back once after the delay; returns a function that cancels it. */
  after(delayMs: number, callback: () => void): () => void
  /** Calls back whenever the wall clock is set; returns a function that unsubscribes. */
  onStep(listener: (step: ClockStep) => void): () => void
  /** Checks now, rather than with the next regular check, whether the wall clock was set. */
  checkForStep(): void
}

/** Interval of the check for steps, and so the longest time until a step is noticed. */
const lookEveryMs = 1_000
/** A smaller difference is not a step. A slewed clock moves by less than a millisecond between two checks. */
const toleratedMs = 1_000
/** Runtime timers overflow after 24 days. Without step listeners, this is also how often alarms check the clock. */
const longestTimerMs = 60_000

export interface SystemClockOptions {
  /** Receives what a callback throws, so that no timer ends the server. */
  readonly onError: (error: unknown) => void
  /** Wall-clock time, epoch ms. */
  readonly readWall?: () => number
}

/** A callback that waits for an instant of the wall clock. */
interface Alarm {
  readonly arm: () => void
}

/** The clock of the machine. */
export class SystemClock implements Clock {
  readonly #onError: (error: unknown) => void
  readonly #readWall: () => number
  readonly #alarms = new Set<Alarm>()
  readonly #listeners = new Set<(step: ClockStep) => void>()
  #watch: NodeJS.Timeout | undefined
  /** Wall-clock time minus elapsed time at the last check. */
  #offset = 0

  constructor({ onError, readWall = () => Date.now() }: SystemClockOptions) {
    this.#onError = onError
    this.#readWall = readWall
  }

  now(): number {
    return this.#readWall()
  }

  elapsed(): number {
    return performance.now()
  }

  at(instant: number, callback: () => void): () => void {
    let timer: NodeJS.Timeout | undefined
    const alarm: Alarm = {
      arm: () => {
        clearTimeout(timer)
        // A timer may fire a millisecond early by the wall clock, so check again.
        const look = (): void => {
          if (this.now() < instant) return alarm.arm()
          this.#alarms.delete(alarm)
          this.#call(callback)
        }
        timer = setTimeout(look, Math.min(Math.max(0, instant - this.now()), longestTimerMs))
      },
    }
    this.#alarms.add(alarm)
    alarm.arm()
    return () => {
      clearTimeout(timer)
      this.#alarms.delete(alarm)
    }
  }

  after(delayMs: number, callback: () => void): () => void {
    const until = this.elapsed() + delayMs
    let timer: NodeJS.Timeout
    const arm = (): void => {
      const leftMs = Math.max(0, until - this.elapsed())
      timer = setTimeout(
        () => (leftMs > longestTimerMs ? arm() : this.#call(callback)),
        Math.min(leftMs, longestTimerMs),
      )
    }
    arm()
    return () => clearTimeout(timer)
  }

  onStep(listener: (step: ClockStep) => void): () => void {
    // Wrapped so that each subscription is separate even if the function is the same.
    const own = (step: ClockStep): void => listener(step)
    this.#listeners.add(own)
    if (this.#watch === undefined) {
      this.#offset = this.now() - this.elapsed()
      this.#watch = setInterval(() => this.checkForStep(), lookEveryMs).unref()
    }
    return () => {
      this.#listeners.delete(own)
      if (this.#listeners.size > 0) return
      clearInterval(this.#watch)
      this.#watch = undefined
    }
  }

  checkForStep(): void {
    if (this.#watch === undefined) return
    const at = this.now()
    const offset = at - this.elapsed()
    const byMs = Math.round(offset - this.#offset)
    this.#offset = offset
    if (Math.abs(byMs) < toleratedMs) return
    for (const alarm of this.#alarms) alarm.arm()
    for (const listener of this.#listeners) this.#call(() => listener({ at, byMs }))
  }

  #call(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.#onError(error)
    }
  }
}

/** For programs without a log: an exception in a callback ends them. */
export const systemClock: Clock = new SystemClock({
  onError: (error) => {
    throw error
  },
})
