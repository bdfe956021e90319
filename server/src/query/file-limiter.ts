import { AppError } from '../platform/app-error.ts'
import { retryAfterS } from '../platform/load/load-level.ts'

const maxOpen = 8
/** One for each of two tabs. A client that reads slowly keeps its file open for as long. */
const maxOfCaller = 2

/**
 * Limits the files of all matching orders that are being sent: each keeps the list of its orders until its client has
 * read it.
 */
export class FileLimiter {
  readonly #ofCaller = new Map<string, number>()
  #open = 0

  /** Number of files that are being sent, and the limit. */
  get usage() {
    return { size: this.#open, limit: maxOpen }
  }

  /**
   * @param caller identifies the caller.
   * @returns a function that must be called once, when the file has been sent or is no longer wanted.
   * @throws AppError `rate_limited` if the caller has too many, `overloaded` if all callers together have.
   */
  begin(caller: string): () => void {
    const own = this.#ofCaller.get(caller) ?? 0
    const retry = { retryAfterS: retryAfterS(Math.random()) }
    if (own >= maxOfCaller) throw new AppError('rate_limited', 'your other files of orders are still being sent', retry)
    if (this.#open >= maxOpen) throw new AppError('overloaded', 'too many files of orders are being sent', retry)
    this.#open += 1
    this.#ofCaller.set(caller, own + 1)
    return () => {
      this.#open -= 1
      const left = (this.#ofCaller.get(caller) ?? 1) - 1
      if (left === 0) this.#ofCaller.delete(caller)
      else this.#ofCaller.set(caller, left)
    }
  }
}
