import type { Transaction } from './database.ts'

/** The unanswered statements of a transaction, and the first error. */
export class PendingStatements {
  readonly #unanswered = new Set<Promise<void>>()
  #failure: { readonly error: unknown } | undefined

  /** Wraps the transaction so that all its statements are tracked. */
  on(tx: Transaction): Transaction {
    return {
      query: (text, parameters) => this.track(tx.query(text, parameters)),
      values: (text, parameters) => this.track(tx.values(text, parameters)),
      copyIn: (target, pieces) => this.track(tx.copyIn(target, pieces)),
    }
  }

  track<T>(answer: Promise<T>): Promise<T> {
    const settled = answer.then(
      () => undefined,
      (error: unknown) => {
        this.#failure ??= { error }
      },
    )
    this.#unanswered.add(settled)
    void settled.then(() => this.#unanswered.delete(settled))
    return answer
  }

  /** @throws The error of the first statement that failed, even if it has already been handled. */
  async settled(): Promise<void> {
    await Promise.all(this.#unanswered)
    if (this.#failure !== undefined) throw this.#failure.error
  }
}
