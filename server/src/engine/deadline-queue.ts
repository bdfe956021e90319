const absent = -1
const root = 0

/**
 * A queue of slots by deadline: a binary heap that tracks the position of each slot, so that a deadline can be moved or
 * deleted in O(log n). Slots are small integers that the caller reuses. Equal instants are ordered by slot.
 */
export class DeadlineQueue {
  #size = 0
  /** The heap: instants and slots in parallel arrays. */
  #at = new Float64Array(16)
  #slots = new Int32Array(16)
  /** Position of each slot in the heap. */
  #places = new Int32Array(16).fill(absent)

  get size(): number {
    return this.#size
  }

  /** Sets the deadline of a slot, or moves it. */
  set(slot: number, at: number): void {
    if (Number.isNaN(at)) throw new RangeError(`slot ${slot} needs an instant`)
    this.#makeRoom(slot)
    const place = this.#places[slot] ?? absent
    if (place === absent) this.#siftUp(this.#size++, slot, at)
    else this.#settle(place, slot, at)
  }

  /** Returns whether there was a deadline to delete. */
  delete(slot: number): boolean {
    const place = this.#places[slot] ?? absent
    if (place === absent) return false
    this.#places[slot] = absent
    this.#size -= 1
    if (place < this.#size) this.#settle(place, this.#slots[this.#size] ?? 0, this.#at[this.#size] ?? 0)
    return true
  }

  /** The next deadline. Undefined if there is none. */
  peekAt(): number | undefined {
    return this.#size === 0 ? undefined : this.#at[root]
  }

  /** Removes and returns the slot with the next deadline if that is not after `now`. */
  popDue(now: number): number | undefined {
    const at = this.peekAt()
    if (at === undefined || at > now) return undefined
    const slot = this.#slots[root] ?? 0
    this.delete(slot)
    return slot
  }

  /** Puts a slot into the position of another one. */
  #settle(place: number, slot: number, at: number): void {
    if (place > root && this.#isBefore(slot, at, (place - 1) >> 1)) this.#siftUp(place, slot, at)
    else this.#siftDown(place, slot, at)
  }

  #siftUp(from: number, slot: number, at: number): void {
    let place = from
    while (place > root) {
      const parent = (place - 1) >> 1
      if (!this.#isBefore(slot, at, parent)) break
      this.#move(parent, place)
      place = parent
    }
    this.#put(place, slot, at)
  }

  #siftDown(from: number, slot: number, at: number): void {
    let place = from
    for (;;) {
      let child = 2 * place + 1
      if (child >= this.#size) break
      const right = child + 1
      if (right < this.#size && this.#isBefore(this.#slots[right] ?? 0, this.#at[right] ?? 0, child)) child = right
      if (this.#isBefore(slot, at, child)) break
      this.#move(child, place)
      place = child
    }
    this.#put(place, slot, at)
  }

  #isBefore(slot: number, at: number, place: number): boolean {
    const otherAt = this.#at[place] ?? 0
    return at < otherAt || (at === otherAt && slot < (this.#slots[place] ?? 0))
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#slots[from] ?? 0, this.#at[from] ?? 0)
  }

  #put(place: number, slot: number, at: number): void {
    this.#at[place] = at
    this.#slots[place] = slot
    this.#places[slot] = place
  }

  /** The heap has at most one entry per slot, so the largest slot bounds the size of all arrays. */
  #makeRoom(slot: number): void {
    if (!Number.isInteger(slot) || slot < 0) throw new RangeError(`${slot} is not a slot`)
    const length = this.#places.length
    if (slot < length) return
    const wanted = Math.max(slot + 1, 2 * length)
    const places = new Int32Array(wanted).fill(absent, length)
    places.set(this.#places)
    const slots = new Int32Array(wanted)
    slots.set(this.#slots)
    const at = new Float64Array(wanted)
    at.set(this.#at)
    this.#places = places
    this.#slots = slots
    this.#at = at
  }
}
