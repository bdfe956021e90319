/** Counts of numbers that are known in advance, with the number of any rank in logarithmic time: a Fenwick tree. */
export class RankCounts {
  readonly #values: Float64Array
  /** `#sums[i]` is the count of the values before `i`, from `i` without its lowest bit on. */
  readonly #sums: Int32Array

  /** @param values All numbers that can be counted, ascending. */
  constructor(values: readonly number[]) {
    this.#values = Float64Array.from(values)
    this.#sums = new Int32Array(values.length + 1)
  }

  /** @throws RangeError if the value was not named at the start. */
  add(value: number, delta: 1 | -1): void {
    let place = this.#placeOf(value)
    if (this.#values[place] !== value) throw new RangeError(`${value} is none of the values`)
    for (place += 1; place < this.#sums.length; place += place & -place)
      this.#sums[place] = (this.#sums[place] ?? 0) + delta
  }

  /** @param rank From 1; at most the number of counted values. */
  valueOfRank(rank: number): number | undefined {
    let place = 0
    let left = rank
    for (let bit = 2 ** Math.floor(Math.log2(this.#sums.length)); bit >= 1; bit /= 2) {
      const sum = this.#sums[place + bit]
      if (sum === undefined || sum >= left) continue
      place += bit
      left -= sum
    }
    return this.#values[place]
  }

  /** Index of the first value that is not less. */
  #placeOf(value: number): number {
    let [low, high] = [0, this.#values.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#values[middle] ?? 0) < value) low = middle + 1
      else high = middle
    }
    return low
  }
}
