import { DurationColumn } from './duration-column.ts'
import { rareParts, shareOf } from './visit-parts.ts'
import type { RarePart, VisitParts } from './visit-parts.ts'

/** A finished visit. Values other than instants and durations are dictionary numbers. */
export interface VisitRow {
  /** Unique per stage and process. */
  readonly stage: number
  readonly order: number
  readonly department: number
  readonly customer: number
  readonly customerClass: number
  readonly product: number
  /** Epoch ms. */
  readonly enteredAt: number
  readonly leftAt: number
  /** Time from entry to exit by the calendar of the visit. */
  readonly workingMs: number
  /** The order's second or later visit to the stage. */
  readonly rework: boolean
  /** Whether the visit had a target. */
  readonly hasTarget: boolean
  /** When and by how much the visit passed its target. Undefined if it did not, or had none. */
  readonly breach: VisitBreach | undefined
  /**
   * Mark of `BucketSeries` from which it was at risk, until its breach or its end. Undefined if it was at risk at no
   * mark.
   */
  readonly atRiskFrom?: number | undefined
  /** When it was stalled: alternating start and end marks. */
  readonly stalledMarks?: readonly number[] | undefined
  /**
   * The part of `workingMs` during which the order was on hold; may be 0 if that was outside working time. Undefined if
   * it was not on hold.
   */
  readonly heldMs?: number | undefined
  /** How its time was spent; only sums read it. Undefined if nothing was reported. */
  readonly parts?: VisitParts | undefined
  /** The order has changed since: its current attributes are not those by which the visit was evaluated. */
  readonly isSettled?: true | undefined
}

/** When a visit passed its target, epoch ms, and by how much in the end, ms by the target's clock. */
export interface VisitBreach {
  readonly at: number
  readonly overdueMs: number
}

/** The clock of a dwell: natural time, or working time by the calendar of the visit. */
export type DwellClock = 'elapsed' | 'working'

export const rowsPerChunk = 1 << 16
export const maxStages = 1 << 13
export const stageMask = maxStages - 1
/** The three flags of a visit share a number with the stage, above its bits. */
export const flagsShift = 13
export const flagPatterns = 8
export const hasTargetFlag = 1
export const reworkFlag = 2
export const breachedFlag = 4

export const maxCustomerClasses = 1 << 8
/** A customer or product has the low bits of its column; the others contain the share of the time spent waiting. */
export const nameBits = 20
export const nameMask = (1 << nameBits) - 1
/** Stands for a visit that was all waiting. */
export const maxWaitingShare = (1 << (32 - nameBits)) - 1
/** A department has the low bits of its column; the last one says that the start of work was reported. */
export const departmentBits = 15
export const departmentMask = (1 << departmentBits) - 1
export const maxRareShare = (1 << 16) - 1

const bytesPerVisit = 37
/** The sequence, the number of rows with a visit, and the bounds of `leftAt`. */
const headBytes = 24
/** After this many disturbed attempts, a reader leaves the rows to the writer's thread. */
const tries = 5

/**
 * A chunk of visits in shared memory, one typed array per column: 37 bytes per visit. One thread writes and every
 * thread reads; a sequence lock prevents readers from mixing the halves of two visits. New chunks are added and none is
 * ever copied, so that growing never blocks the event loop.
 */
export class VisitColumns {
  readonly memory: SharedArrayBuffer
  /** NaN in rows without a visit: NaN lies in no time span, so every scan skips the row. */
  readonly leftAt: Float64Array
  readonly order: Uint32Array
  /** The customer under `nameMask`, and the waiting share of the elapsed time above. */
  readonly customer: Uint32Array
  /** The product under `nameMask`, and the waiting share of the working time above. */
  readonly product: Uint32Array
  /** The department under `departmentMask`, and whether the start of work was reported. */
  readonly department: Uint16Array
  /** The stage under `stageMask`, and the flags from bit `flagsShift` on. */
  readonly stageAndFlags: Uint16Array
  /** A number below `maxCustomerClasses`. */
  readonly customerClass: Uint8Array
  readonly #elapsed: DurationColumn
  readonly #working: DurationColumn
  /** Undefined if no visit of the chunk has such a part. */
  readonly #rareParts = new Map<RarePart, RareColumn>()
  /** The sequence, which is odd during a write, and the number of rows with a visit. */
  readonly #head: Int32Array
  /** Earliest and latest `leftAt`. Removals may leave the bounds wider than necessary. */
  readonly #bounds: Float64Array

  /** @param memory of a chunk created by another thread; without it, a new chunk is created. */
  constructor(memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(headBytes + rowsPerChunk * bytesPerVisit)
    const columns = new ColumnCutter(this.memory, headBytes)
    this.#head = new Int32Array(this.memory, 0, 2)
    this.#bounds = new Float64Array(this.memory, 8, 2)
    this.leftAt = columns.cut(Float64Array)
    const [elapsedLow, workingLow] = [columns.cut(Uint32Array), columns.cut(Uint32Array)]
    this.order = columns.cut(Uint32Array)
    this.customer = columns.cut(Uint32Array)
    this.product = columns.cut(Uint32Array)
    this.department = columns.cut(Uint16Array)
    this.#elapsed = new DurationColumn(elapsedLow, columns.cut(Uint16Array))
    this.#working = new DurationColumn(workingLow, columns.cut(Uint16Array))
    this.stageAndFlags = columns.cut(Uint16Array)
    this.customerClass = columns.cut(Uint8Array)
    if (memory !== undefined) return
    this.leftAt.fill(Number.NaN)
    this.#bounds.set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
  }

  durations(clock: DwellClock): DurationColumn {
    return clock === 'working' ? this.#working : this.#elapsed
  }

  stage(index: number): number {
    return (this.stageAndFlags[index] ?? 0) & stageMask
  }

  /** `hasTargetFlag`, `reworkFlag` and `breachedFlag`. */
  flags(index: number): number {
    return (this.stageAndFlags[index] ?? 0) >>> flagsShift
  }

  /** Undefined if no visit of the chunk has such a part. */
  rarePart(part: RarePart): RareColumn | undefined {
    return this.#rareParts.get(part)
  }

  /** @param memory of a column created by another thread; without it, a new column is created. */
  addRarePart(part: RarePart, memory?: SharedArrayBuffer): RareColumn {
    const column = new RareColumn(memory)
    this.#rareParts.set(part, column)
    return column
  }

  /**
   * Writes the names of a row and how its time was spent. Shares are rounded to 1/4,095 for waiting, 1/65,535 for rare
   * parts, so that they fit into bits that nothing else uses.
   * @param added receives the memory of a new column.
   */
  writeParts(index: number, row: VisitRow, added: (part: RarePart, memory: SharedArrayBuffer) => void): void {
    const { parts, workingMs } = row
    const elapsedMs = row.leftAt - row.enteredAt
    const waiting = parts?.waiting
    const ofElapsed = shareOf(waiting?.elapsedMs ?? 0, elapsedMs, maxWaitingShare)
    const ofWorking = shareOf(waiting?.workingMs ?? 0, workingMs, maxWaitingShare)
    this.customer[index] = row.customer | (ofElapsed << nameBits)
    this.product[index] = row.product | (ofWorking << nameBits)
    this.department[index] = row.department | (Number(parts?.isStarted ?? false) << departmentBits)
    for (const part of rareParts) {
      const own = part === 'held' ? parts?.held : parts?.causes.get(part)
      let column = this.#rareParts.get(part)
      if (column === undefined) {
        if (own === undefined || own.elapsedMs === 0) continue
        column = this.addRarePart(part)
        added(part, column.memory)
      }
      column.elapsed[index] = shareOf(own?.elapsedMs ?? 0, elapsedMs, maxRareShare)
      column.working[index] = shareOf(own?.workingMs ?? 0, workingMs, maxRareShare)
    }
  }

  /** False if certainly no visit ended from `fromMs` up to `toMs`, exclusive. */
  mayOverlap(fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY): boolean {
    return (this.#bounds[1] ?? 0) >= fromMs && (this.#bounds[0] ?? 0) < toMs
  }

  /** True if certainly every row has a visit that ended from `fromMs` up to `toMs`, exclusive. */
  isWithin(fromMs: number, toMs: number): boolean {
    return this.#head[1] === rowsPerChunk && (this.#bounds[0] ?? 0) >= fromMs && (this.#bounds[1] ?? 0) < toMs
  }

  /** Must be called before the visit of a row is written or removed, by the only thread that writes. */
  beginWrite(): void {
    Atomics.add(this.#head, 0, 1)
  }

  /** Must be called when the row is consistent again. @param leftAt of its visit; NaN if it no longer has one. */
  endWrite(leftAt: number): void {
    this.#head[1] = (this.#head[1] ?? 0) + (Number.isNaN(leftAt) ? -1 : 1)
    if (leftAt < (this.#bounds[0] ?? 0)) this.#bounds[0] = leftAt
    if (leftAt > (this.#bounds[1] ?? 0)) this.#bounds[1] = leftAt
    Atomics.add(this.#head, 0, 1)
  }

  /**
   * Returns the result of `read` from an attempt without concurrent writes. `read` may see inconsistent visits in other
   * attempts and is then called again. Undefined if every attempt was disturbed; never on the thread that writes.
   */
  readSteadily<T>(read: () => T): T | undefined {
    for (let attempt = 0; attempt < tries; attempt++) {
      const before = Atomics.load(this.#head, 0)
      if ((before & 1) === 1) continue
      const result = read()
      // A plain load would let processors with weak memory ordering read columns after it; adding zero orders both
      // sides.
      if (Atomics.add(this.#head, 0, 0) === before) return result
    }
    return undefined
  }
}

/** Shares of the time of each visit of a chunk, by clock, in `maxRareShare`. */
class RareColumn {
  readonly memory: SharedArrayBuffer
  readonly elapsed: Uint16Array
  readonly working: Uint16Array

  constructor(memory = new SharedArrayBuffer(2 * Uint16Array.BYTES_PER_ELEMENT * rowsPerChunk)) {
    this.memory = memory
    const columns = new ColumnCutter(memory, 0)
    this.elapsed = columns.cut(Uint16Array)
    this.working = columns.cut(Uint16Array)
  }
}

type ColumnType<Column> = {
  new (memory: SharedArrayBuffer, from: number, length: number): Column
  readonly BYTES_PER_ELEMENT: number
}

/** Lays out columns one after the other in a chunk's memory. */
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
