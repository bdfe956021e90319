/**
 * Transactions of this process whose commit was never answered: whether they are in the log is not known. If they are,
 * their events are read back like those of another process.
 */
export class DoubtfulCommits {
  readonly #transactions = new Set<string>()

  add(tx: string): void {
    this.#transactions.add(tx)
  }

  list(): string[] {
    return [...this.#transactions]
  }

  /** The log was read up to the transaction, not included. */
  forgetBefore(horizon: string): void {
    for (const tx of this.#transactions) if (BigInt(tx) < BigInt(horizon)) this.#transactions.delete(tx)
  }
}
