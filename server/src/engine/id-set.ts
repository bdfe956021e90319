/** A set of small whole numbers, one bit each. */
export class IdSet {
  #words = new Uint32Array(8)
  #size = 0

  static of(ids: Iterable<number>): IdSet {
    const set = new IdSet()
    for (const id of ids) set.add(id)
    return set
  }

  get size(): number {
    return this.#size
  }

  add(id: number): void {
    const index = id >>> 5
    if (index >= this.#words.length) this.#grow(index)
    const word = this.#words[index] ?? 0
    const bit = 1 << (id & 31)
    if ((word & bit) !== 0) return
    this.#words[index] = word | bit
    this.#size += 1
  }

  /** 1 when the set has the number, else 0: to be added without a branch. */
  bit(id: number): number {
    return ((this.#words[id >>> 5] ?? 0) >>> (id & 31)) & 1
  }

  #grow(index: number): void {
    const words = new Uint32Array(Math.max(index + 1, 2 * this.#words.length))
    words.set(this.#words)
    this.#words = words
  }
}
