import type { Clock } from '../platform/clock/clock.ts'

const minAgeMs = 60_000
/** A result that took long is used for this many times as long, so that it costs at most 5% of the time. */
const ageToDuration = 20

interface Result<Value> {
  readonly value: Promise<Value>
  /** By elapsed time, ms. Undefined: it is not there yet. */
  readonly usableUntil?: number
}

/**
 * The results of something expensive, for callers that ask often: each result is computed once for all of them, and
 * used for a minute or longer. A failure is not kept. A result is forgotten together with its subject.
 */
export class ReusedResults<Subject extends object, Value> {
  readonly #clock: Clock
  readonly #compute: (subject: Subject) => Promise<Value>
  readonly #results = new WeakMap<Subject, Result<Value>>()

  constructor(clock: Clock, compute: (subject: Subject) => Promise<Value>) {
    this.#clock = clock
    this.#compute = compute
  }

  get(subject: Subject): Promise<Value> {
    const known = this.#results.get(subject)
    const isUsable = known?.usableUntil === undefined || this.#clock.elapsed() < known.usableUntil
    if (known !== undefined && isUsable) return known.value
    const result: Result<Value> = { value: this.#computeFor(subject) }
    this.#results.set(subject, result)
    return result.value
  }

  async #computeFor(subject: Subject): Promise<Value> {
    const begunAt = this.#clock.elapsed()
    try {
      const value = await this.#compute(subject)
      const endedAt = this.#clock.elapsed()
      const usableUntil = endedAt + Math.max(minAgeMs, ageToDuration * (endedAt - begunAt))
      this.#results.set(subject, { value: Promise.resolve(value), usableUntil })
      return value
    } catch (error) {
      this.#results.delete(subject)
      throw error
    }
  }
}
