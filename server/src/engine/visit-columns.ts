/** A finished visit; what is not an instant or a duration is a number of a dictionary. */
export interface VisitRow {
  /** One number for each stage of each process. */
  readonly stage: number
  readonly order: number
  readonly department: number
  readonly customer: number
  readonly product: number
  /** Epoch ms. */
  readonly enteredAt: number
  readonly leftAt: number
  readonly heldMs: number
  /** The order's second or later visit of the stage. */
  readonly rework: boolean
  /** The visit passed its target. */
  readonly breached: boolean
}

export const rowsPerChunk = 1 << 16
export const maxStages = 1 << 14
export const stageMask = maxStages - 1
const reworkBit = 1 << 14
const breachedBit = 1 << 15

/**
 * A chunk of visits, a typed array for each column: 38 bytes a visit. New chunks are added and none is ever copied,
 * so that growing never stops the event loop.
 */
export class VisitColumns {
  readonly enteredAt = new Float64Array(rowsPerChunk)
  /** NaN where no visit is: it lies in no span of time, so every scan passes over it. */
  readonly leftAt = new Float64Array(rowsPerChunk).fill(Number.NaN)
  readonly #heldMs = new Uint32Array(rowsPerChunk)
  /** Holds of 50 days and more, which 32 bits cannot tell. */
  readonly #longHeldMs = new Map<number, number>()
  readonly order = new Uint32Array(rowsPerChunk)
  readonly customer = new Uint32Array(rowsPerChunk)
  readonly product = new Uint32Array(rowsPerChunk)
  readonly department = new Uint32Array(rowsPerChunk)
  /** The stage under `stageMask`, and the two flags. */
  readonly stageAndFlags = new Uint16Array(rowsPerChunk)
  /** Bounds of `leftAt`, so that scans of a span of time skip whole chunks. Removals leave them too wide at worst. */
  #earliestLeftAt = Number.POSITIVE_INFINITY
  #latestLeftAt = Number.NEGATIVE_INFINITY

  stage(index: number): number {
    return (this.stageAndFlags[index] ?? 0) & stageMask
  }

  isRework(index: number): boolean {
    return ((this.stageAndFlags[index] ?? 0) & reworkBit) !== 0
  }

  isBreached(index: number): boolean {
    return ((this.stageAndFlags[index] ?? 0) & breachedBit) !== 0
  }

  dwellMs(index: number): number {
    return (this.leftAt[index] ?? 0) - (this.enteredAt[index] ?? 0)
  }

  heldMs(index: number): number {
    return this.#longHeldMs.get(index) ?? this.#heldMs[index] ?? 0
  }

  /** False when certainly no visit was left from `fromMs` up to, not including, `toMs`. */
  mayOverlap(fromMs: number, toMs: number): boolean {
    return this.#latestLeftAt >= fromMs && this.#earliestLeftAt < toMs
  }

  write(index: number, row: VisitRow): void {
    this.enteredAt[index] = row.enteredAt
    this.leftAt[index] = row.leftAt
    this.#heldMs[index] = row.heldMs
    if (row.heldMs < 2 ** 32) this.#longHeldMs.delete(index)
    else this.#longHeldMs.set(index, row.heldMs)
    this.order[index] = row.order
    this.customer[index] = row.customer
    this.product[index] = row.product
    this.department[index] = row.department
    this.stageAndFlags[index] = row.stage | (row.rework ? reworkBit : 0) | (row.breached ? breachedBit : 0)
    this.#earliestLeftAt = Math.min(this.#earliestLeftAt, row.leftAt)
    this.#latestLeftAt = Math.max(this.#latestLeftAt, row.leftAt)
  }

  read(index: number): VisitRow {
    return {
      stage: this.stage(index),
      order: this.order[index] ?? 0,
      department: this.department[index] ?? 0,
      customer: this.customer[index] ?? 0,
      product: this.product[index] ?? 0,
      enteredAt: this.enteredAt[index] ?? 0,
      leftAt: this.leftAt[index] ?? 0,
      heldMs: this.heldMs(index),
      rework: this.isRework(index),
      breached: this.isBreached(index),
    }
  }
}
