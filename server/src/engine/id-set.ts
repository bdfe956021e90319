/** A set of small integers, one bit each. */
export class IdSet {
  #words = new Uint32Array(8)

  static of(ids: Iterable<number>): IdSet {
    const set = new IdSet()
    for (const id of ids) set.add(id)
    return set
  }

  /** Computed on each access. */
  get size(): number {
    let size = 0
    for (let index = 0; index < this.#words.length; index++) size += bitCount(this.#words[index] ?? 0)
    return size
  }

  add(id: number): void {
    const index = id >>> 5
    if (index >= this.#words.length) this.#grow(index)
    const words = this.#words
    words[index] = (words[index] ?? 0) | (1 << (id & 31))
  }

  /** The current set: bit `id & 31` of word `id >>> 5` is set. Read-only. */
  get words(): Uint32Array {
    return this.#words.subarray(0, this.#words.findLastIndex((word) => word !== 0) + 1)
  }

  /** Adds the numbers of another set. */
  addWords(words: Uint32Array): void {
    if (words.length > this.#words.length) this.#grow(words.length - 1)
    for (let index = 0; index < words.length; index++) {
      this.#words[index] = (this.#words[index] ?? 0) | (words[index] ?? 0)
    }
  }

  /** 1 if the set contains the number, else 0, so that callers can add it without a branch. */
  bit(id: number): number {
    return ((this.#words[id >>> 5] ?? 0) >>> (id & 31)) & 1
  }

  #grow(index: number): void {
    const words = new Uint32Array(Math.max(index + 1, 2 * this.#words.length))
    words.set(this.#words)
    this.#words = words
  }
}

/** Number of set bits out of 32: in pairs, in fours, in bytes, then the sum of the bytes. */
function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555)
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
}
