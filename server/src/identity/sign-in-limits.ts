import type { Attempts, AttemptRule } from '../platform/rate-limits/attempts.ts'
import { addressGroup } from '../platform/http/client-address.ts'
import { AppError } from '../platform/app-error.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const quarterHourMs = 15 * minuteMs

const delays = { kind: 'delay', delayMs: 30_000, maxDelayMs: quarterHourMs } as const
/** Of one account, from one address or one device that its owner has used before. */
const account: AttemptRule = { ...delays, name: 'sign-in', free: 5, forgetMs: dayMs }
/** Of one account, from all addresses together that it was never signed in from. */
const strangers: AttemptRule = { ...delays, name: 'strangers', free: 100, maxDelayMs: minuteMs, forgetMs: hourMs }
/** Of any account, from one address. */
const address: AttemptRule = { ...delays, name: 'address', free: 50, forgetMs: hourMs }
/** Of passwords and codes that somebody who is signed in gives again. */
const proofs: AttemptRule = { ...delays, name: 'proof', free: 10, forgetMs: hourMs }
const resets: AttemptRule = { name: 'reset', kind: 'window', most: 3, windowMs: quarterHourMs }
const resetMails: AttemptRule = { name: 'reset-mails', kind: 'window', most: 10, windowMs: hourMs }
const sampleEntries: AttemptRule = { name: 'sample', kind: 'window', most: 50, windowMs: quarterHourMs }

const knownAddress = 'known-address'
const knownForMs = 90 * dayMs

/** Who tries to sign in, and from where. */
export interface SignInAttempt {
  /** The e-mail address that was given. */
  readonly account: string
  readonly address: string
  /** Of a browser in which this account was signed in to before. */
  readonly device: string | undefined
}

/**
 * How often somebody may try to get in. No count is kept that a stranger could fill for the owner of an account: a
 * device that has been signed in on counts by itself, and an address that has is held up by its own failures only.
 */
export class SignInLimits {
  readonly #attempts: Attempts

  constructor(attempts: Attempts) {
    this.#attempts = attempts
  }

  /** @throws AppError `rate_limited`, and whatever `attempt` throws. */
  async signIn<T>(by: SignInAttempt, attempt: () => Promise<T>, failed: (result: T) => boolean): Promise<T> {
    const from = addressGroup(by.address)
    const own = `${by.account} ${by.device ?? from}`
    const isKnown = by.device !== undefined || (await this.#attempts.isCached(knownAddress, `${by.account} ${from}`))
    if (!isKnown) {
      await this.#attempts.require(address, from)
      await this.#attempts.require(strangers, by.account)
    }
    await this.#attempts.take(account, own)
    const result = await attempt()
    if (failed(result)) {
      if (!isKnown) {
        await this.#attempts.add(address, from)
        await this.#attempts.add(strangers, by.account)
      }
      return result
    }
    await this.#attempts.forget(account, own)
    await this.#attempts.remember(knownAddress, `${by.account} ${from}`, knownForMs)
    return result
  }

  /**
   * Carries out what a guesser would repeat.
   * @param who the person who is signed in, or an address.
   * @throws AppError `rate_limited`, and whatever `attempt` throws.
   */
  async prove<T>(who: string, attempt: () => Promise<T>, failed: (result: T) => boolean): Promise<T> {
    await this.#attempts.take(proofs, who)
    const result = await attempt()
    if (!failed(result)) await this.#attempts.forget(proofs, who)
    return result
  }

  /**
   * Carries out what needs a link that nobody can guess. The right one is never refused, whoever tries wrong ones from
   * the same address; of those too many are refused in shorter words.
   * @throws AppError `rate_limited`, and whatever `attempt` throws.
   */
  async byLink<T>(from: string, attempt: () => Promise<T>): Promise<T> {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      await this.#attempts.require(address, addressGroup(from))
      await this.#attempts.add(address, addressGroup(from))
      throw error
    }
  }

  /** Three mails in 15 minutes about a forgotten password. @throws AppError `rate_limited` */
  countReset(by: { readonly account: string; readonly address: string }): Promise<void> {
    return this.#attempts.take(resets, `${by.account} ${addressGroup(by.address)}`)
  }

  /** Whether an account is sent one more mail about a forgotten password: ten in an hour, whoever asks. */
  async mayMailReset(to: string): Promise<boolean> {
    try {
      await this.#attempts.take(resetMails, to)
      return true
    } catch (error) {
      if (error instanceof AppError) return false
      throw error
    }
  }

  /** The sample is entered 50 times in 15 minutes from an address. @throws AppError `rate_limited` */
  countEntry(from: string): Promise<void> {
    return this.#attempts.take(sampleEntries, addressGroup(from))
  }
}
