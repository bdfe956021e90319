import { FailedAttempts } from '../access/failed-attempts.ts'
import { AppError } from '../app-error.ts'
import type { Clock } from '../clock/clock.ts'

const windowMs = 15 * 60_000

/** How often an address may try to get in, in this process. People behind one address share what is counted by it. */
export class SignInLimits {
  readonly #failures: FailedAttempts
  readonly #signIns: FailedAttempts
  readonly #resets: FailedAttempts
  readonly #entries: FailedAttempts

  constructor(clock: Clock) {
    this.#failures = new FailedAttempts(clock, { windowMs, most: 50 })
    this.#signIns = new FailedAttempts(clock, { windowMs, most: 5 })
    this.#resets = new FailedAttempts(clock, { windowMs, most: 3 })
    this.#entries = new FailedAttempts(clock, { windowMs, most: 50 })
  }

  /**
   * Carries out what may fail 50 times in 15 minutes from an address: passwords, codes, links.
   * @throws AppError `rate_limited`, and whatever `attempt` throws.
   */
  async attempt<T>(address: string, attempt: () => Promise<T>, failed: (result: T) => boolean): Promise<T> {
    requireTime(this.#failures.waitS(address))
    try {
      const result = await attempt()
      if (failed(result)) this.#failures.add(address)
      return result
    } catch (error) {
      if (error instanceof AppError) this.#failures.add(address)
      throw error
    }
  }

  /** A sign-in to one account is tried five times in 15 minutes. @throws AppError `rate_limited` */
  async signIn<T>(account: string, address: string, attempt: () => Promise<T>, failed: (result: T) => boolean) {
    const key = `${address} ${account}`
    requireTime(this.#signIns.waitS(key))
    // Counted before it is known how it ends, because many may be under way at once.
    this.#signIns.add(key)
    const result = await this.attempt(address, attempt, failed)
    if (!failed(result)) this.#signIns.forget(key)
    return result
  }

  /** Three mails in 15 minutes about a forgotten password. @throws AppError `rate_limited` */
  countReset(account: string, address: string): void {
    const key = `${address} ${account}`
    requireTime(this.#resets.waitS(key))
    this.#resets.add(key)
  }

  /** The sample is entered 50 times in 15 minutes from an address. @throws AppError `rate_limited` */
  countEntry(address: string): void {
    requireTime(this.#entries.waitS(address))
    this.#entries.add(address)
  }
}

function requireTime(waitS: number | undefined): void {
  if (waitS !== undefined) throw new AppError('rate_limited', 'too many attempts', { retryAfterS: waitS })
}
