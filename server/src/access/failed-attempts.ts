import type { Clock } from '../clock/clock.ts'

const windowMs = 60_000
const attemptsPerWindow = 20
const rememberedAddresses = 10_000

interface Window {
  readonly until: number
  attempts: number
}

/** Counts unknown keys by the address that they come from, so that nobody can try many. */
export class FailedAttempts {
  readonly #clock: Clock
  /** In the order in which they end. */
  readonly #windows = new Map<string, Window>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How long the address has to wait, s; undefined: it may try. */
  waitS(address: string): number | undefined {
    const window = this.#current(address)
    if (window === undefined || window.attempts < attemptsPerWindow) return undefined
    return Math.ceil((window.until - this.#clock.now()) / 1_000)
  }

  add(address: string): void {
    const window = this.#current(address)
    if (window !== undefined) {
      window.attempts += 1
      return
    }
    this.#windows.delete(address)
    const [oldest] = this.#windows.keys()
    if (this.#windows.size >= rememberedAddresses && oldest !== undefined) this.#windows.delete(oldest)
    this.#windows.set(address, { until: this.#clock.now() + windowMs, attempts: 1 })
  }

  #current(address: string): Window | undefined {
    const window = this.#windows.get(address)
    return window !== undefined && window.until > this.#clock.now() ? window : undefined
  }
}
