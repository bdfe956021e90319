import { AppError } from '../platform/app-error.ts'

const maxRunning = 2

/**
 * Dry runs scan everything in memory, so only a few run at once, and one per caller. Others are refused instead of
 * queued, because the draft may change in the meantime and require another run.
 */
export class DryRunLimiter {
  readonly #running = new Set<string>()

  /** Number of running dry runs, and the limit. */
  get usage() {
    return { size: this.#running.size, limit: maxRunning }
  }

  /**
   * @param caller identifies the caller.
   * @returns a function that must be called when the dry run has ended.
   * @throws AppError `rate_limited` if the caller already has one running, or too many are running.
   */
  begin(caller: string): () => void {
    const isOwn = this.#running.has(caller)
    if (isOwn || this.#running.size >= maxRunning) {
      const message = isOwn ? 'a dry run of yours is still running' : 'dry runs of other users are still running'
      throw new AppError('rate_limited', message, { retryAfterS: 2 })
    }
    this.#running.add(caller)
    return () => this.#running.delete(caller)
  }
}
