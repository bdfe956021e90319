/** The wall clock was set while the server ran, or the machine has slept. */
export interface ClockStep {
  /** The new time, epoch ms. */
  readonly at: number
  /** How far it was set, ms; negative: back. */
  readonly byMs: number
}

/** The only place that time comes from; tests run on a virtual one. Instants are epoch ms. */
export interface Clock {
  /** Wall-clock time. It may be set in either direction, so the difference of two readings is no duration. */
  now(): number
  /** Ms since an arbitrary moment. It only goes forward, whatever becomes of the wall clock: durations are taken from it. */
  elapsed(): number
  /** Calls back once, when `now()` has reached the instant; returns how to cancel it. */
  at(instant: number, callback: () => void): () => void
  /** Calls back once, after so long; returns how to cancel it. */
  after(delayMs: number, callback: () => void): () => void
  /** Calls back whenever the wall clock was set; returns how to stop that. */
  onStep(listener: (step: ClockStep) => void): () => void
}

/** A step is noticed within this time. */
const lookEveryMs = 1_000
/** Between two looks a clock that is slewed moves by less than a millisecond; less than this is no step. */
const toleratedMs = 1_000
/** Timers of the runtime overflow beyond 24 days, and where nobody listens for steps the clock is looked at so often. */
const longestTimerMs = 60_000

export interface SystemClockOptions {
  /** A callback has thrown: no timer may end the process. */
  readonly onError: (error: unknown) => void
  /** Wall-clock time, epoch ms. */
  readonly readWall?: () => number
}

/** A wait for an instant of the wall clock. */
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
  /** Wall-clock time minus elapsed time at the last look. */
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
        // A timer may fire a millisecond early by the wall clock, hence the second look.
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
    // Wrapped, so that each call counts by itself even with the same function.
    const own = (step: ClockStep): void => listener(step)
    this.#listeners.add(own)
    if (this.#watch === undefined) {
      this.#offset = this.now() - this.elapsed()
      this.#watch = setInterval(() => this.#look(), lookEveryMs).unref()
    }
    return () => {
      this.#listeners.delete(own)
      if (this.#listeners.size > 0) return
      clearInterval(this.#watch)
      this.#watch = undefined
    }
  }

  #look(): void {
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

/** For programs that have no log: what a callback throws ends them. */
export const systemClock: Clock = new SystemClock({
  onError: (error) => {
    throw error
  },
})
