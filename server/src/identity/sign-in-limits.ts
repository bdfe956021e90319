import type { Attempts, AttemptRule } from '../platform/rate-limits/attempts.ts'
import { addressGroup } from '../platform/http/client-address.ts'
import { AppError } from '../platform/app-error.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const quarterHourMs = 15 * minuteMs

const delays = { kind: 'delay', delayMs: 30_000, maxDelayMs: quarterHourMs } as const
/** For one account, from one address or one device that its owner has used before. */
const account: AttemptRule = { ...delays, name: 'sign-in', free: 5, forgetMs: dayMs }
/** For one account, from all addresses together from which it was never signed in. */
const strangers: AttemptRule = { ...delays, name: 'strangers', free: 100, maxDelayMs: minuteMs, forgetMs: hourMs }
/** For any account, from one address. */
const address: AttemptRule = { ...delays, name: 'address', free: 50, forgetMs: hourMs }
/** For passwords and codes that a signed-in person enters again. */
const proofs: AttemptRule = { ...delays, name: 'proof', free: 10, forgetMs: hourMs }
const resets: AttemptRule = { name: 'reset', kind: 'window', most: 3, windowMs: quarterHourMs }
const resetMails: AttemptRule = { name: 'reset-mails', kind: 'window', most: 10, windowMs: hourMs }
const sampleEntries: AttemptRule = { name: 'sample', kind: 'window', most: 50, windowMs: quarterHourMs }

const knownAddress = 'known-address'
const knownForMs = 90 * dayMs

/** The account of a sign-in attempt, and its origin. */
export interface SignInAttempt {
  /** The e-mail address that was entered. */
  readonly account: string
  readonly address: string
  /** Of a browser in which somebody has signed in to this account before. */
  readonly device: string | undefined
}

/**
 * Limits attempts to sign in. A stranger cannot exhaust a limit of the owner of an account: a device with an earlier
 * sign-in has its own count, and an address with one is limited by its own failures only.
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
   * Runs an attempt that could be used for guessing.
   * @param who the signed-in person, or an address.
   * @throws AppError `rate_limited`, and whatever `attempt` throws.
   */
  async prove<T>(who: string, attempt: () => Promise<T>, failed: (result: T) => boolean): Promise<T> {
    await this.#attempts.take(proofs, who)
    const result = await attempt()
    if (!failed(result)) await this.#attempts.forget(proofs, who)
    return result
  }

  /**
   * Runs an attempt that needs an unguessable link. A valid link is never refused, whatever invalid ones come from the
   * same address; too many invalid ones are answered with `rate_limited`.
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

  /** At most three password reset mails in 15 minutes per account and address. @throws AppError `rate_limited` */
  countReset(by: { readonly account: string; readonly address: string }): Promise<void> {
    return this.#attempts.take(resets, `${by.account} ${addressGroup(by.address)}`)
  }

  /** Whether another password reset mail may be sent to the account: ten per hour, whoever requests them. */
  async mayMailReset(to: string): Promise<boolean> {
    try {
      await this.#attempts.take(resetMails, to)
      return true
    } catch (error) {
      if (error instanceof AppError) return false
      throw error
    }
  }

  /** The sample can be entered 50 times in 15 minutes from an address. @throws AppError `rate_limited` */
  countEntry(from: string): Promise<void> {
    return this.#attempts.take(sampleEntries, addressGroup(from))
  }
}
