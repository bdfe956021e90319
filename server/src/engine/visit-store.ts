import type { VisitCondition } from './status-edge.ts'
import { StageTable } from './stage-table.ts'
import type { StageStatistics } from './stage-statistics.ts'
import { batchStarts, VisitBatch } from './visit-batch.ts'
import type { VisitChoice } from './visit-batch.ts'
import { VisitChunk } from './visit-chunk.ts'
import { maxCustomerClasses, maxStages, rowsPerChunk } from './visit-columns.ts'
import type { DwellClock, VisitColumns, VisitRow } from './visit-columns.ts'
import type { VisitFilter } from './visit-filter.ts'
import type { VisitTable } from './visit-table.ts'

/**
 * The finished visits in shared memory, 39 bytes each, for the questions that no live aggregate answers. One thread
 * adds and removes visits while others may scan. A scan takes its time: visits that are added or removed meanwhile
 * are seen or not, but each visit that is seen is whole.
 */
export class VisitStore {
  readonly #chunks: VisitChunk[] = []
  /** Rows that were ever used. */
  #used = 0
  #size = 0
  /** One more than the free row to use next, whose `order` holds the same for the one after it; 0: none is free. */
  #free = 0

  get size(): number {
    return this.#size
  }

  /** Rows that were ever used; none after them has a visit. */
  get usedRows(): number {
    return this.#used
  }

  /** The number by which the visit is read and removed; that of a removed visit is given again. */
  add(row: VisitRow): number {
    checkRow(row)
    const id = this.#takeRow()
    this.#chunk(id).write(id % rowsPerChunk, row)
    this.#size += 1
    return id
  }

  /** @throws RangeError when no visit has this number. */
  read(id: number): VisitRow {
    return this.#occupied(id).read(id % rowsPerChunk)
  }

  /** When the visit was left. @throws RangeError when no visit has this number. */
  leftAt(id: number): number {
    return this.#occupied(id).columns.leftAt[id % rowsPerChunk] ?? Number.NaN
  }

  /** See `VisitRow`. @throws RangeError when no visit has this number. */
  heldMs(id: number): number | undefined {
    return this.#occupied(id).heldMs(id % rowsPerChunk)
  }

  /** @throws RangeError when no visit has this number. */
  remove(id: number): void {
    this.#occupied(id).clear(id % rowsPerChunk, this.#free)
    this.#free = id + 1
    this.#size -= 1
  }

  /** The chunks from a number on; there are only ever more of them. */
  chunksFrom(number: number): VisitColumns[] {
    return this.#chunks.slice(number).map(({ columns }) => columns)
  }

  /** The chunk with a number, on the thread that writes it. @throws RangeError when there is none. */
  chunk(number: number): VisitChunk {
    return this.#chunk(number * rowsPerChunk)
  }

  /** Numbers of the chunks that may hold visits of the span. */
  chunksWithin({ fromMs, toMs }: VisitFilter): number[] {
    return this.#chunks.flatMap((chunk, number) => (chunk.mayOverlap(fromMs, toMs) ? [number] : []))
  }

  /** The chosen visits on the thread that writes them, in batches of which each takes the place of the one before. */
  *batches(choice: VisitChoice): Generator<VisitBatch> {
    const batch = new VisitBatch(choice)
    for (const number of this.chunksWithin(choice.filter)) {
      for (const row of batchStarts(number, this.#used)) {
        this.readBatch(batch, row)
        yield batch
      }
    }
  }

  /** The visits of a span that were ever in the condition, in no order, on the thread that writes them. */
  *everIn(condition: VisitCondition, span: Pick<VisitFilter, 'fromMs' | 'toMs'>): Generator<VisitRow> {
    const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY } = span
    for (const number of this.chunksWithin(span)) {
      for (const row of this.#chunks[number]?.everIn(condition) ?? []) {
        if (row.leftAt >= fromMs && row.leftAt < toMs) yield row
      }
    }
  }

  /** Reads the rows of a batch, of which `row` is the first, on the thread that writes them. */
  readBatch(batch: VisitBatch, row: number): void {
    if (!batch.read(this.#chunk(row).columns, row, this.#used)) throw new Error('another thread writes the visits')
  }

  /** Counts into a table on the thread that writes the visits; yields after each batch. */
  *scan(table: VisitTable, filter: VisitFilter, clock: DwellClock): Generator<void> {
    for (const batch of this.batches({ filter, clock, ...table.reads })) {
      table.add(batch)
      if (table.isFull) return
      yield
    }
  }

  /** By stage; stages without a visit are missing. */
  statistics(filter: VisitFilter, clock: DwellClock): Map<number, StageStatistics> {
    const table = new StageTable()
    this.scan(table, filter, clock).forEach(() => undefined)
    return table.stages
  }

  #takeRow(): number {
    if (this.#free > 0) {
      const id = this.#free - 1
      this.#free = this.#chunk(id).columns.order[id % rowsPerChunk] ?? 0
      return id
    }
    if (this.#used === this.#chunks.length * rowsPerChunk) this.#chunks.push(new VisitChunk())
    return this.#used++
  }

  #chunk(id: number): VisitChunk {
    const chunk = this.#chunks[Math.floor(id / rowsPerChunk)]
    if (chunk === undefined) throw new RangeError(`no visit has the number ${id}`)
    return chunk
  }

  #occupied(id: number): VisitChunk {
    const chunk = this.#chunk(id)
    if (Number.isNaN(chunk.columns.leftAt[id % rowsPerChunk] ?? Number.NaN))
      throw new RangeError(`no visit has the number ${id}`)
    return chunk
  }
}

/** Typed arrays take any number and keep another one; these would be mistakes of the caller. */
function checkRow(row: VisitRow): void {
  if (!(row.leftAt >= row.enteredAt)) throw new RangeError(`a visit from ${row.enteredAt} to ${row.leftAt} did not end`)
  if (!(row.workingMs >= 0)) throw new RangeError(`a visit did not work for ${row.workingMs} ms`)
  if (row.stage >= maxStages) throw new RangeError(`stage ${row.stage} is beyond the ${maxStages} that a store holds`)
  if (row.customerClass >= maxCustomerClasses)
    throw new RangeError(`customer class ${row.customerClass} is beyond the ${maxCustomerClasses} that a store holds`)
}
