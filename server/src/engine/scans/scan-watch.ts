import { AppError } from '../../platform/app-error.ts'

/** A scan in progress. */
interface WatchedScan {
  /** Number of chunks. */
  readonly total: number
  readonly done: () => number
  /** Stops it as soon as possible; its results are discarded. */
  readonly stop: () => void
}

/** Progress of the consecutive scans for one query, and whether anybody still waits for the answer. */
export class ScanWatch {
  #doneBefore = 0
  #scan: WatchedScan | undefined
  #isCancelled = false

  /** Chunks of all scans started so far; `total` grows with each scan. */
  get progress(): { readonly done: number; readonly total: number } {
    const total = this.#scan?.total ?? 0
    return { done: this.#doneBefore + Math.min(total, this.#scan?.done() ?? 0), total: this.#doneBefore + total }
  }

  /** @returns a function to call when the scan has ended. @throws AppError if it is already cancelled. */
  begin(scan: WatchedScan): () => void {
    this.check()
    this.#scan = scan
    return () => {
      this.#doneBefore += scan.total
      this.#scan = undefined
    }
  }

  /** Must be called when nobody waits for the answer any more. */
  cancel(): void {
    this.#isCancelled = true
    this.#scan?.stop()
  }

  /** @throws AppError `bad_request` if it is cancelled; no client receives it. */
  check(): void {
    if (this.#isCancelled) throw new AppError('bad_request', 'the caller no longer waits for the answer')
  }

  /** The same work, aborted with an error on cancellation. */
  *whileWanted<T>(work: Generator<unknown, T>): Generator<void, T> {
    for (;;) {
      this.check()
      const step = work.next()
      if (step.done === true) return step.value
      yield
    }
  }
}
