import { bucketMs } from './bucket-series.ts'
import { DurationColumn } from './duration-column.ts'
import type { VisitCondition } from './status-edge.ts'
import {
  breachedFlag,
  departmentMask,
  flagsShift,
  hasTargetFlag,
  nameMask,
  reworkFlag,
  rowsPerChunk,
  VisitColumns,
} from './visit-columns.ts'
import type { VisitBreach, VisitRow } from './visit-columns.ts'
import type { RarePart } from './visit-parts.ts'

/** Used instead of a mark: the visit was at risk at no mark. */
const noMark = -(2 ** 31)

/** A chunk of visits for the thread that writes it: the shared columns, and the data that only that thread needs. */
export class VisitChunk {
  readonly columns = new VisitColumns()
  /** Breaches of the visits with the flag; few have it, and no scan reads them. */
  readonly #breaches = new Map<number, VisitBreach>()
  /** Numbers of marks, see `VisitRow`. Undefined if no visit of the chunk was ever at risk. */
  #atRiskFrom: Int32Array | undefined
  /** Marks of the visits that were ever stalled: small integers take half the memory of instants. */
  readonly #stalled = new Map<number, readonly number[]>()
  /**
   * `heldMs` plus one, or 0 if the order was not on hold. Undefined if no order was on hold during a visit of the
   * chunk.
   */
  #held: DurationColumn | undefined
  /** 1 for a visit whose order has changed since. Undefined if there is none. */
  #settled: Uint8Array | undefined

  readonly #added: (part: RarePart, memory: SharedArrayBuffer) => void

  /** @param added is called with the memory of each column that is created later, see `VisitColumns.writeParts`. */
  constructor(added: (part: RarePart, memory: SharedArrayBuffer) => void) {
    this.#added = added
  }

  write(index: number, row: VisitRow): void {
    const { columns } = this
    columns.beginWrite()
    columns.leftAt[index] = row.leftAt
    columns.durations('elapsed').set(index, row.leftAt - row.enteredAt)
    columns.durations('working').set(index, row.workingMs)
    columns.order[index] = row.order
    columns.writeParts(index, row, this.#added)
    columns.customerClass[index] = row.customerClass
    columns.stageAndFlags[index] =
      row.stage |
      ((row.rework ? reworkFlag : 0) << flagsShift) |
      ((row.hasTarget ? hasTargetFlag : 0) << flagsShift) |
      ((row.breach === undefined ? 0 : breachedFlag) << flagsShift)
    columns.endWrite(row.leftAt)
    if (row.breach !== undefined) this.#breaches.set(index, row.breach)
    if (row.stalledMarks !== undefined)
      this.#stalled.set(
        index,
        row.stalledMarks.map((at) => Math.trunc(at / bucketMs)),
      )
    if (row.atRiskFrom !== undefined) {
      this.#atRiskFrom ??= new Int32Array(rowsPerChunk).fill(noMark)
      this.#atRiskFrom[index] = row.atRiskFrom / bucketMs
    }
    if (row.heldMs !== undefined) {
      this.#held ??= new DurationColumn(new Uint32Array(rowsPerChunk), new Uint16Array(rowsPerChunk))
      this.#held.set(index, row.heldMs + 1)
    }
    if (row.isSettled) (this.#settled ??= new Uint8Array(rowsPerChunk))[index] = 1
  }

  /** @param link stored in place of the order until the row is reused. */
  clear(index: number, link: number): void {
    this.columns.beginWrite()
    this.columns.leftAt[index] = Number.NaN
    this.columns.order[index] = link
    this.columns.endWrite(Number.NaN)
    this.#breaches.delete(index)
    this.#stalled.delete(index)
    if (this.#atRiskFrom !== undefined) this.#atRiskFrom[index] = noMark
    this.#held?.set(index, 0)
    if (this.#settled !== undefined) this.#settled[index] = 0
  }

  /** See `VisitRow`. */
  isSettled(index: number): boolean {
    return this.#settled?.[index] === 1
  }

  /** See `VisitRow`. */
  heldMs(index: number): number | undefined {
    const oneMore = this.#held?.get(index) ?? 0
    return oneMore === 0 ? undefined : oneMore - 1
  }

  /** When the visit passed its target. Undefined: it did not. */
  breachedAt(index: number): number | undefined {
    return this.#breaches.get(index)?.at
  }

  /** The row without `parts`, which are only kept as shares. */
  read(index: number): VisitRow {
    const { columns } = this
    const leftAt = columns.leftAt[index] ?? 0
    const flags = columns.flags(index)
    const atRiskMark = this.#atRiskFrom?.[index] ?? noMark
    return {
      stage: columns.stage(index),
      order: columns.order[index] ?? 0,
      department: (columns.department[index] ?? 0) & departmentMask,
      customer: (columns.customer[index] ?? 0) & nameMask,
      customerClass: columns.customerClass[index] ?? 0,
      product: (columns.product[index] ?? 0) & nameMask,
      enteredAt: leftAt - columns.durations('elapsed').get(index),
      leftAt,
      workingMs: columns.durations('working').get(index),
      rework: (flags & reworkFlag) !== 0,
      hasTarget: (flags & hasTargetFlag) !== 0,
      breach: this.#breaches.get(index),
      atRiskFrom: atRiskMark === noMark ? undefined : atRiskMark * bucketMs,
      stalledMarks: this.#stalled.get(index)?.map((mark) => mark * bucketMs),
      heldMs: this.heldMs(index),
      isSettled: this.isSettled(index) || undefined,
    }
  }

  /** The visits that were ever in the condition. */
  *everIn(condition: VisitCondition): Generator<VisitRow> {
    for (const index of this.#indexesOf(condition)) yield this.read(index)
  }

  #indexesOf(condition: VisitCondition): Iterable<number> {
    switch (condition) {
      case 'overdue':
        return this.#breaches.keys()
      case 'stalled':
        return this.#stalled.keys()
      case 'atRisk':
        return marked(this.#atRiskFrom)
    }
  }
}

function* marked(marks: Int32Array | undefined): Generator<number> {
  for (let index = 0; index < (marks?.length ?? 0); index++) if (marks?.[index] !== noMark) yield index
}
