const limit = 2 ** 53

/**
 * A sum of integers from 0 to 2^53 - 1 that can be added and subtracted. A plain double becomes inexact once the sum
 * passes 2^53, which ten million visits of eleven days do.
 */
export class ExactSum {
  #high = 0
  #low = 0

  add(value: number): void {
    const room = limit - this.#low
    if (value < room) this.#low += value
    else {
      this.#high += 1
      this.#low = value - room
    }
  }

  remove(value: number): void {
    if (value <= this.#low) this.#low -= value
    else {
      this.#high -= 1
      this.#low = limit - (value - this.#low)
    }
  }

  merge(other: ExactSum): void {
    this.addParts(other.#high, other.#low)
  }

  /** Adds the parts of another sum. */
  addParts(high: number, low: number): void {
    this.add(low)
    this.#high += high
  }

  subtract(other: ExactSum): void {
    this.remove(other.#low)
    this.#high -= other.#high
  }

  get parts(): readonly [high: number, low: number] {
    return [this.#high, this.#low]
  }

  /** Exact up to 2^53, the nearest double above. */
  get value(): number {
    return this.#high * limit + this.#low
  }
}
