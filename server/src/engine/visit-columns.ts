import { DurationColumn } from './duration-column.ts'

/** A finished visit; what is not an instant or a duration is a number of a dictionary. */
export interface VisitRow {
  /** One number for each stage of each process. */
  readonly stage: number
  readonly order: number
  readonly department: number
  readonly customer: number
  readonly customerClass: number
  readonly product: number
  /** Epoch ms. */
  readonly enteredAt: number
  readonly leftAt: number
  /** From entering to leaving by the calendar of the visit. */
  readonly workingMs: number
  /** The order's second or later visit of the stage. */
  readonly rework: boolean
  /** Whether the visit was held against a target. */
  readonly judged: boolean
  /** The visit passed its target; undefined: it did not, or there was none. */
  readonly breach: VisitBreach | undefined
  /** Since when it was at risk, up to its breach or its end: a mark of `BucketSeries`. Undefined: at none of them. */
  readonly atRiskFrom?: number | undefined
  /** When it was stalled, from and to in turn: marks as well. */
  readonly stalledMarks?: readonly number[] | undefined
  /** As much of `workingMs` the order was on hold, which may have been in free time alone; undefined: it was not. */
  readonly heldMs?: number | undefined
  /** The order has changed since: what is known of it now is not what the visit is judged by. */
  readonly isSettled?: true | undefined
}

/** When a visit passed its target, epoch ms, and by how much in the end, ms of the target's clock. */
export interface VisitBreach {
  readonly at: number
  readonly overdueMs: number
}

/** By which clock a dwell is told: natural time, or working time by the calendar of the visit. */
export type DwellClock = 'elapsed' | 'working'

export const rowsPerChunk = 1 << 16
export const maxStages = 1 << 13
export const stageMask = maxStages - 1
/** The three flags of a visit are one number, above the stage. */
export const flagsShift = 13
export const flagPatterns = 8
export const judgedFlag = 1
export const reworkFlag = 2
export const breachedFlag = 4

export const maxCustomerClasses = 1 << 8

const bytesPerVisit = 39
/** The sequence, and room that keeps the first column aligned. */
const headBytes = 8
/** A reader that was disturbed so often leaves the rows to the writer's thread. */
const tries = 5

/**
 * A chunk of visits in shared memory, a typed array for each column: 39 bytes a visit. One thread writes and every
 * thread reads; a sequence lock keeps readers from mixing the halves of two visits. New chunks are added and none is
 * ever copied, so that growing never stops the event loop.
 */
export class VisitColumns {
  readonly memory: SharedArrayBuffer
  /** NaN where no visit is: it lies in no span of time, so every scan passes over it. */
  readonly leftAt: Float64Array
  readonly order: Uint32Array
  readonly customer: Uint32Array
  readonly product: Uint32Array
  readonly department: Uint32Array
  /** The stage under `stageMask`, and the flags from `flagsShift` on. */
  readonly stageAndFlags: Uint16Array
  /** A number below `maxCustomerClasses`. */
  readonly customerClass: Uint8Array
  readonly #elapsed: DurationColumn
  readonly #working: DurationColumn
  /** Odd while a visit is being written. */
  readonly #sequence: Int32Array

  /** @param memory of a chunk that another thread has made; without it the chunk is a new one. */
  constructor(memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(headBytes + rowsPerChunk * bytesPerVisit)
    const columns = new ColumnCutter(this.memory, headBytes)
    this.#sequence = new Int32Array(this.memory, 0, 1)
    this.leftAt = columns.cut(Float64Array)
    const [elapsedLow, workingLow] = [columns.cut(Uint32Array), columns.cut(Uint32Array)]
    this.order = columns.cut(Uint32Array)
    this.customer = columns.cut(Uint32Array)
    this.product = columns.cut(Uint32Array)
    this.department = columns.cut(Uint32Array)
    this.#elapsed = new DurationColumn(elapsedLow, columns.cut(Uint16Array))
    this.#working = new DurationColumn(workingLow, columns.cut(Uint16Array))
    this.stageAndFlags = columns.cut(Uint16Array)
    this.customerClass = columns.cut(Uint8Array)
    if (memory === undefined) this.leftAt.fill(Number.NaN)
  }

  durations(clock: DwellClock): DurationColumn {
    return clock === 'working' ? this.#working : this.#elapsed
  }

  stage(index: number): number {
    return (this.stageAndFlags[index] ?? 0) & stageMask
  }

  /** To be called before a visit is changed, by the one thread that writes. */
  beginWrite(): void {
    Atomics.add(this.#sequence, 0, 1)
  }

  /** To be called when the visit is whole again. */
  endWrite(): void {
    Atomics.add(this.#sequence, 0, 1)
  }

  /**
   * What `read` has returned when nothing was written meanwhile. It may see halves of visits before, and is called
   * again then. Undefined: something was written each time; this never happens on the thread that writes.
   */
  readSteadily<T>(read: () => T): T | undefined {
    for (let attempt = 0; attempt < tries; attempt++) {
      const before = Atomics.load(this.#sequence, 0)
      if ((before & 1) === 1) continue
      const result = read()
      // A load would let processors with weak ordering read columns after it; adding nothing orders both sides.
      if (Atomics.add(this.#sequence, 0, 0) === before) return result
    }
    return undefined
  }
}

type ColumnType<Column> = {
  new (memory: SharedArrayBuffer, from: number, length: number): Column
  readonly BYTES_PER_ELEMENT: number
}

/** Lays columns into a chunk's memory one after the other. */
class ColumnCutter {
  readonly #memory: SharedArrayBuffer
  #at: number

  constructor(memory: SharedArrayBuffer, from: number) {
    this.#memory = memory
    this.#at = from
  }

  cut<Column>(type: ColumnType<Column>): Column {
    const column = new type(this.#memory, this.#at, rowsPerChunk)
    this.#at += type.BYTES_PER_ELEMENT * rowsPerChunk
    return column
  }
}
