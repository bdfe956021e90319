const wordsPerSlot = 3
const firstSlots = 1 << 12

/**
 * Counts how often each key came, in bounded memory: a table of 64-bit fingerprints, 12 bytes a slot and at most 34
 * bytes a distinct key, so that ten million rows take 340 MB at worst and their texts none. Two keys that share a
 * fingerprint count as one, which is one chance in 370,000 for ten million keys.
 */
export class OccurrenceCounter {
  /** Low word, high word and count of each slot; a count of 0 is a free slot. */
  #table = new Uint32Array(firstSlots * wordsPerSlot)
  #distinct = 0

  /** How many different keys came. */
  get distinct(): number {
    return this.#distinct
  }

  /** The same for a text, whose fingerprint is made here: what it says must not be in the hands of an attacker. */
  addText(text: string): number {
    let low = 0x9e3779b9
    let high = 0x85ebca6b
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      low = Math.imul(low ^ unit, 0x9e3779b1)
      high = Math.imul(high ^ unit, 0x5f356495)
    }
    low = mixed(low ^ Math.imul(high, 0xc2b2ae35))
    return this.add(low, mixed(high ^ low))
  }

  /** The number of this occurrence: 1 when the key comes for the first time. */
  add(low: number, high: number): number {
    if (this.#distinct * wordsPerSlot > this.#table.length * 0.7) this.#grow()
    const at = slotOf(this.#table, low, high)
    const count = (this.#table[at + 2] ?? 0) + 1
    if (count === 1) this.#distinct += 1
    this.#table[at] = low
    this.#table[at + 1] = high
    this.#table[at + 2] = count
    return count
  }

  #grow(): void {
    const old = this.#table
    const table = new Uint32Array(old.length * 2)
    for (let from = 0; from < old.length; from += wordsPerSlot) {
      if (old[from + 2] === 0) continue
      const to = slotOf(table, old[from] ?? 0, old[from + 1] ?? 0)
      table.set(old.subarray(from, from + wordsPerSlot), to)
    }
    this.#table = table
  }
}

/** Spreads every bit of a word over all of it (https://github.com/aappleby/smhasher, the finalizer of MurmurHash3). */
export function mixed(word: number): number {
  const first = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35)
  return (second ^ (second >>> 16)) >>> 0
}

/** Where the fingerprint stands, or the free slot where it belongs: the first from its place on. */
function slotOf(table: Uint32Array, low: number, high: number): number {
  const slots = table.length / wordsPerSlot
  let at = (low % slots) * wordsPerSlot
  while (table[at + 2] !== 0 && (table[at] !== low || table[at + 1] !== high)) {
    at += wordsPerSlot
    if (at === table.length) at = 0
  }
  return at
}
