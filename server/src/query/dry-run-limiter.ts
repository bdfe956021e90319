import { AppError } from '../platform/app-error.ts'

const maxRunning = 2

/**
 * Dry runs go through all that is in memory. Few of them run at once, and one for each caller; the others are refused and
 * not kept waiting, since whoever changes a draft meanwhile asks for another one.
 */
export class DryRunLimiter {
  readonly #running = new Set<string>()

  /** How many are running, and how many may. */
  get usage() {
    return { size: this.#running.size, limit: maxRunning }
  }

  /**
   * @param caller names who asks.
   * @returns what is to be called when the dry run has ended.
   * @throws AppError `rate_limited` when the caller has one running, or too many others are.
   */
  begin(caller: string): () => void {
    const isOwn = this.#running.has(caller)
    if (isOwn || this.#running.size >= maxRunning) {
      const message = isOwn ? 'a dry run of yours is still running' : 'others have dry runs running'
      throw new AppError('rate_limited', message, { retryAfterS: 2 })
    }
    this.#running.add(caller)
    return () => this.#running.delete(caller)
  }
}
