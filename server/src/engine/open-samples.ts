/** Number of visits that were open at each of several instants, by row. */
export class OpenSamples<Row> {
  readonly #instants: Float64Array
  /** Change since the previous instant. */
  readonly #changes = new Map<Row, Int32Array>()

  /** @param instants ascending. */
  constructor(instants: readonly number[]) {
    this.#instants = Float64Array.from(instants)
  }

  get rowCount(): number {
    return this.#changes.size
  }

  get rows(): readonly Row[] {
    return [...this.#changes.keys()]
  }

  /** A visit counts from the instant of its start up to that of its end, exclusive. */
  add(row: Row, enteredAt: number, leftAt = Number.POSITIVE_INFINITY): void {
    const from = this.#firstFrom(enteredAt)
    const to = this.#firstFrom(leftAt)
    if (from === to) return
    let changes = this.#changes.get(row)
    if (changes === undefined) this.#changes.set(row, (changes = new Int32Array(this.#instants.length + 1)))
    changes[from] = (changes[from] ?? 0) + 1
    changes[to] = (changes[to] ?? 0) - 1
  }

  /** One count per instant. */
  counts(row: Row): number[] {
    const changes = this.#changes.get(row)
    let open = 0
    return Array.from(this.#instants, (_, i) => (open += changes?.[i] ?? 0))
  }

  /** Index of the first instant at or after `at`, or the number of instants if there is none. */
  #firstFrom(at: number): number {
    let low = 0
    let high = this.#instants.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#instants[middle] ?? 0) < at) low = middle + 1
      else high = middle
    }
    return low
  }
}
