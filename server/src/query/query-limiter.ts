import pLimit from 'p-limit'
import { AppError } from '../platform/app-error.ts'

const maxRunning = 2
const maxWaiting = 16

/**
 * Questions that read much of the history: a few are answered at a time, some wait for their turn, and more are
 * refused, so that they take no more of the database and the threads than ingest can spare. Those who ask the same
 * while it is being answered share the answer.
 */
export class QueryLimiter {
  readonly #asked = new Map<string, Promise<unknown>>()
  readonly #answering = pLimit(maxRunning)

  /** How many are being answered or wait, and how many may. */
  get usage() {
    const { activeCount, pendingCount } = this.#answering
    return { size: activeCount + pendingCount, limit: maxRunning + maxWaiting }
  }

  /**
   * @param question everything that the answer depends on, but the time.
   * @throws AppError `overloaded` when too many wait.
   */
  ask<T>(question: unknown, answer: () => Promise<T>): Promise<T> {
    const key = JSON.stringify(question)
    // The key says what is asked, so the answer is of the same type.
    const shared = this.#asked.get(key) as Promise<T> | undefined
    if (shared !== undefined) return shared
    if (this.#answering.pendingCount >= maxWaiting) {
      return Promise.reject(new AppError('overloaded', 'too many questions wait for their answer', { retryAfterS: 1 }))
    }
    const answered = this.#answering(answer).finally(() => this.#asked.delete(key))
    this.#asked.set(key, answered)
    return answered
  }
}
