/**
 * The transactions of which this process knows that they committed: it shows their events already. A commit whose
 * answer was lost is not among them, so its events are read back like those of another process, if they are there.
 */
export class OwnCommits {
  readonly #known = new Set<string>()

  add(tx: string): void {
    this.#known.add(tx)
  }

  has(tx: string): boolean {
    return this.#known.has(tx)
  }

  /** The log was read past them. */
  forget(transactions: Iterable<string>): void {
    for (const tx of transactions) this.#known.delete(tx)
  }
}
