export const lowRange = 2 ** 32

/**
 * Whole ms from 0 up to 2^48, which is 8,900 years, in 6 bytes each: `lowRange` times the high part plus the low part.
 */
export class DurationColumn {
  readonly low: Uint32Array
  readonly high: Uint16Array

  constructor(low: Uint32Array, high: Uint16Array) {
    this.low = low
    this.high = high
  }

  get(index: number): number {
    return (this.high[index] ?? 0) * lowRange + (this.low[index] ?? 0)
  }

  set(index: number, ms: number): void {
    this.low[index] = ms
    this.high[index] = ms / lowRange
  }
}
