import type { Transaction } from './database.ts'

/** The statements of a transaction that are not answered yet, and the first that has failed. */
export class AskedStatements {
  readonly #unanswered = new Set<Promise<void>>()
  #failure: { readonly error: unknown } | undefined

  /** The same transaction, of which every statement is counted. */
  on(tx: Transaction): Transaction {
    return {
      query: (text, parameters) => this.expect(tx.query(text, parameters)),
      values: (text, parameters) => this.expect(tx.values(text, parameters)),
      copyIn: (target, pieces) => this.expect(tx.copyIn(target, pieces)),
    }
  }

  expect<T>(answer: Promise<T>): Promise<T> {
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

  /** @throws what the first statement that failed has thrown, whether or not somebody has looked at it. */
  async answered(): Promise<void> {
    await Promise.all(this.#unanswered)
    if (this.#failure !== undefined) throw this.#failure.error
  }
}
