const wordsPerSlot = 3
const firstSlots = 1 << 12

/**
 * Counts the occurrences of keys in bounded memory: a table of 64-bit fingerprints with 12 bytes per slot and at most
 * 34 bytes per distinct key. Ten million rows take 340 MB at worst, regardless of the length of their texts. Two keys
 * with the same fingerprint count as one; for ten million keys the probability is 1 in 370,000.
 */
export class OccurrenceCounter {
  /** Low word, high word and count of each slot; a count of 0 is a free slot. */
  #table = new Uint32Array(firstSlots * wordsPerSlot)
  #distinct = 0

  /** Number of distinct keys. */
  get distinct(): number {
    return this.#distinct
  }

  /** Adds a text; its fingerprint is not collision-resistant, so texts must not be under the control of an attacker. */
  addText(text: string, times = 1): number {
    let low = 0x9e3779b9
    let high = 0x85ebca6b
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      low = Math.imul(low ^ unit, 0x9e3779b1)
      high = Math.imul(high ^ unit, 0x5f356495)
    }
    low = mixed(low ^ Math.imul(high, 0xc2b2ae35))
    return this.add(low, mixed(high ^ low), times)
  }

  /** Returns the ordinal of this occurrence (of the last one if `times` > 1): 1 on the first occurrence of the key. */
  add(low: number, high: number, times = 1): number {
    if (this.#distinct * wordsPerSlot > this.#table.length * 0.7) this.#grow()
    const at = slotOf(this.#table, low, high)
    const before = this.#table[at + 2] ?? 0
    const count = before + times
    if (before === 0) this.#distinct += 1
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
      const [low, high, count] = [old[from] ?? 0, old[from + 1] ?? 0, old[from + 2] ?? 0]
      const to = slotOf(table, low, high)
      table[to] = low
      table[to + 1] = high
      table[to + 2] = count
    }
    this.#table = table
  }
}

/** Mixes every bit of a word into all others (finalizer of MurmurHash3, https://github.com/aappleby/smhasher). */
export function mixed(word: number): number {
  const first = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35)
  return (second ^ (second >>> 16)) >>> 0
}

/** The slot of the fingerprint, or the first free slot from its place on. */
function slotOf(table: Uint32Array, low: number, high: number): number {
  const slots = table.length / wordsPerSlot
  let at = (low % slots) * wordsPerSlot
  while (table[at + 2] !== 0 && (table[at] !== low || table[at + 1] !== high)) {
    at += wordsPerSlot
    if (at === table.length) at = 0
  }
  return at
}
