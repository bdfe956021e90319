import type { Clock } from '../clock/clock.ts'

/** Of unknown keys. */
const defaultLimit: AttemptLimit = { windowMs: 60_000, most: 20 }
const cachedAddresses = 10_000

export interface AttemptLimit {
  readonly windowMs: number
  /** So many attempts in a window; then whoever made them waits for its end. */
  readonly most: number
}

interface Window {
  /** By elapsed time. */
  readonly until: number
  attempts: number
}

/** Counts what went wrong by the address that it comes from, so that nobody can try many. */
export class FailedAttempts {
  readonly #clock: Clock
  readonly #limit: AttemptLimit
  /** In the order in which they end. */
  readonly #windows = new Map<string, Window>()

  constructor(clock: Clock, limit = defaultLimit) {
    this.#clock = clock
    this.#limit = limit
  }

  /** How long the address has to wait, s; undefined: it may try. */
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

  /** It went right in the end. */
  forget(address: string): void {
    this.#windows.delete(address)
  }

  #current(address: string): Window | undefined {
    const window = this.#windows.get(address)
    return window !== undefined && window.until > this.#clock.elapsed() ? window : undefined
  }
}
