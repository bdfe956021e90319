const lowRange = 2 ** 32

/** Whole ms from 0 up to 2^48, which is 8,900 years, in 6 bytes each. */
export class DurationColumn {
  readonly #low: Uint32Array
  readonly #high: Uint16Array

  constructor(low: Uint32Array, high: Uint16Array) {
    this.#low = low
    this.#high = high
  }

  get(index: number): number {
    return (this.#high[index] ?? 0) * lowRange + (this.#low[index] ?? 0)
  }

  /** Copies those of the first `count` rows of `selected`. */
  copy(selected: Uint32Array, count: number, into: Float64Array): void {
    const low = this.#low
    const high = this.#high
    for (let i = 0; i < count; i++) {
      const index = selected[i] ?? 0
      into[i] = (high[index] ?? 0) * lowRange + (low[index] ?? 0)
    }
  }

  set(index: number, ms: number): void {
    this.#low[index] = ms
    this.#high[index] = ms / lowRange
  }
}
