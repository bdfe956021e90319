import type { Clock } from '../clock/clock.ts'

/** Limit for unknown keys. */
const defaultLimit: AttemptLimit = { windowMs: 60_000, most: 20 }
const cachedAddresses = 10_000

export interface AttemptLimit {
  readonly windowMs: number
  /** Maximum number of attempts in a window; after that, the address has to wait for its end. */
  readonly most: number
}

interface Window {
  /** End of the window, by elapsed time. */
  readonly until: number
  attempts: number
}

/** Counts failed attempts per address, to prevent guessing. */
export class FailedAttempts {
  readonly #clock: Clock
  readonly #limit: AttemptLimit
  /** In the order in which the windows end. */
  readonly #windows = new Map<string, Window>()

  constructor(clock: Clock, limit = defaultLimit) {
    this.#clock = clock
    this.#limit = limit
  }

  /** Seconds that the address has to wait; undefined if it may try. */
  waitS(address: string): number | undefined {
    const window = this.#current(address)
    if (window === undefined || window.attempts < this.#limit.most) return undefined
    return Math.ceil((window.until - this.#clock.elapsed()) / 1_000)
  }

  add(address: string): void {
    const window = this.#current(address)
    if (window !== undefined) {
      window.attempts += 1
      return
    }
    this.#windows.delete(address)
    const [oldest] = this.#windows.keys()
    if (this.#windows.size >= cachedAddresses && oldest !== undefined) this.#windows.delete(oldest)
    this.#windows.set(address, { until: this.#clock.elapsed() + this.#limit.windowMs, attempts: 1 })
  }

  /** Resets the count after a success. */
  forget(address: string): void {
    this.#windows.delete(address)
  }

  #current(address: string): Window | undefined {
    const window = this.#windows.get(address)
    return window !== undefined && window.until > this.#clock.elapsed() ? window : undefined
  }
}
