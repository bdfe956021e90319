import { DurationColumn } from './duration-column.ts'

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
  /** From entering to leaving by the calendar of the visit. */
  readonly workingMs: number
  /** The order's second or later visit of the stage. */
  readonly rework: boolean
  /** When the visit passed its target, epoch ms; undefined: it did not. */
  readonly breachedAt: number | undefined
}

/** By which clock a dwell is told: natural time, or working time by the calendar of the visit. */
export type DwellClock = 'elapsed' | 'working'

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
  /** NaN where no visit is: it lies in no span of time, so every scan passes over it. */
  readonly leftAt = new Float64Array(rowsPerChunk).fill(Number.NaN)
  readonly #elapsed = new DurationColumn(rowsPerChunk)
  readonly #working = new DurationColumn(rowsPerChunk)
  readonly order = new Uint32Array(rowsPerChunk)
  readonly customer = new Uint32Array(rowsPerChunk)
  readonly product = new Uint32Array(rowsPerChunk)
  readonly department = new Uint32Array(rowsPerChunk)
  /** The stage under `stageMask`, and the two flags. */
  readonly stageAndFlags = new Uint16Array(rowsPerChunk)
  /** Of the visits that have the flag; few do, and no scan asks for it. */
  readonly #breachedAt = new Map<number, number>()
  /** Bounds of `leftAt`, so that scans of a span of time skip whole chunks. Removals leave them too wide at worst. */
  #earliestLeftAt = Number.POSITIVE_INFINITY
  #latestLeftAt = Number.NEGATIVE_INFINITY

  durations(clock: DwellClock): DurationColumn {
    return clock === 'working' ? this.#working : this.#elapsed
  }

  stage(index: number): number {
    return (this.stageAndFlags[index] ?? 0) & stageMask
  }

  isRework(index: number): boolean {
    return ((this.stageAndFlags[index] ?? 0) & reworkBit) !== 0
  }

  isBreached(index: number): boolean {
    return ((this.stageAndFlags[index] ?? 0) & breachedBit) !== 0
  }

  /** False when certainly no visit was left from `fromMs` up to, not including, `toMs`. */
  mayOverlap(fromMs: number, toMs: number): boolean {
    return this.#latestLeftAt >= fromMs && this.#earliestLeftAt < toMs
  }

  write(index: number, row: VisitRow): void {
    this.leftAt[index] = row.leftAt
    this.#elapsed.set(index, row.leftAt - row.enteredAt)
    this.#working.set(index, row.workingMs)
    this.order[index] = row.order
    this.customer[index] = row.customer
    this.product[index] = row.product
    this.department[index] = row.department
    const breached = row.breachedAt !== undefined
    this.stageAndFlags[index] = row.stage | (row.rework ? reworkBit : 0) | (breached ? breachedBit : 0)
    if (breached) this.#breachedAt.set(index, row.breachedAt)
    this.#earliestLeftAt = Math.min(this.#earliestLeftAt, row.leftAt)
    this.#latestLeftAt = Math.max(this.#latestLeftAt, row.leftAt)
  }

  clear(index: number): void {
    this.leftAt[index] = Number.NaN
    if (this.isBreached(index)) this.#breachedAt.delete(index)
  }

  read(index: number): VisitRow {
    const leftAt = this.leftAt[index] ?? 0
    return {
      stage: this.stage(index),
      order: this.order[index] ?? 0,
      department: this.department[index] ?? 0,
      customer: this.customer[index] ?? 0,
      product: this.product[index] ?? 0,
      enteredAt: leftAt - this.#elapsed.get(index),
      leftAt,
      workingMs: this.#working.get(index),
      rework: this.isRework(index),
      breachedAt: this.#breachedAt.get(index),
    }
  }
}
