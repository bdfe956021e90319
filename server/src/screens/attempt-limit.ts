import { AppError } from '../app-error.ts'
import type { Clock } from '../clock/clock.ts'

export interface AttemptLimitOptions {
  readonly windowMs: number
  readonly perAddress: number
  readonly inAll: number
}

const everywhere = ''

/** Counts attempts by the address that they come from and in all, within windows that begin with a first attempt. */
export class AttemptLimit {
  readonly #clock: Clock
  readonly #options: AttemptLimitOptions
  readonly #windows = new Map<string, { readonly until: number; attempts: number }>()

  constructor(clock: Clock, options: AttemptLimitOptions) {
    this.#clock = clock
    this.#options = options
  }

  /** @throws AppError `rate_limited` while there were too many. */
  require(address: string): void {
    const { perAddress, inAll } = this.#options
    const waitMs = Math.max(this.#waitMs(address, perAddress), this.#waitMs(everywhere, inAll))
    if (waitMs > 0) {
      throw new AppError('rate_limited', 'too many attempts', { retryAfterS: Math.ceil(waitMs / 1_000) })
    }
  }

  add(address: string): void {
    const now = this.#clock.now()
    // No address is counted without being counted in all as well, so what is kept is bounded by that.
    for (const [key, { until }] of this.#windows) if (until <= now) this.#windows.delete(key)
    for (const key of [everywhere, address]) {
      const window = this.#windows.get(key) ?? { until: now + this.#options.windowMs, attempts: 0 }
      window.attempts += 1
      this.#windows.set(key, window)
    }
  }

  #waitMs(key: string, most: number): number {
    const window = this.#windows.get(key)
    return window === undefined || window.attempts < most ? 0 : window.until - this.#clock.now()
  }
}
