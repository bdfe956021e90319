interface Entry<T> {
  readonly at: number
  readonly number: number
  readonly item: T
}

/** Items that wait for an instant, earliest first; for the same instant, in order of insertion. */
export class TimeHeap<T> {
  readonly #entries: Entry<T>[] = []
  #added = 0

  /** `Infinity` if it is empty. */
  get nextAt(): number {
    return this.#entries[0]?.at ?? Number.POSITIVE_INFINITY
  }

  add(at: number, item: T): void {
    const entry = { at, number: this.#added++, item }
    let place = this.#entries.length
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = this.#entries[above]
      if (parent === undefined || isBefore(parent, entry)) break
      this.#entries[place] = parent
      place = above
    }
    this.#entries[place] = entry
  }

  take(): T | undefined {
    const first = this.#entries[0]
    const last = this.#entries.pop()
    if (first !== undefined && last !== undefined && first !== last) this.#sink(last)
    return first?.item
  }

  #sink(entry: Entry<T>): void {
    let place = 0
    for (;;) {
      let below = 2 * place + 1
      let child = this.#entries[below]
      const sibling = this.#entries[below + 1]
      if (child !== undefined && sibling !== undefined && isBefore(sibling, child)) {
        child = sibling
        below += 1
      }
      if (child === undefined || isBefore(entry, child)) break
      this.#entries[place] = child
      place = below
    }
    this.#entries[place] = entry
  }
}

function isBefore<T>(a: Entry<T>, b: Entry<T>): boolean {
  return a.at < b.at || (a.at === b.at && a.number < b.number)
}
