import type { VisitCondition } from './status-edge.ts'
import { StageTable } from './stage-table.ts'
import type { StageStatistics } from './stage-statistics.ts'
import { batchStarts, VisitBatch } from './visit-batch.ts'
import type { VisitChoice } from './visit-batch.ts'
import { VisitChunk } from './visit-chunk.ts'
import { departmentMask, maxCustomerClasses, maxStages, nameMask, rowsPerChunk } from './visit-columns.ts'
import type { DwellClock, VisitColumns, VisitRow } from './visit-columns.ts'
import type { VisitFilter } from './visit-filter.ts'
import type { RarePart } from './visit-parts.ts'
import type { VisitTable } from './visit-table.ts'

/** A column of a chunk that was created after it. */
export interface RarePartMemory {
  readonly chunk: number
  readonly part: RarePart
  readonly memory: SharedArrayBuffer
}

/**
 * The finished visits in shared memory, 37 bytes each, for queries that no live aggregate answers. One thread adds and
 * removes visits while others may scan. Visits that are added or removed during a scan may or may not be seen, but each
 * visit that is seen is consistent.
 */
export class VisitStore {
  readonly #chunks: VisitChunk[] = []
  readonly #rareParts: RarePartMemory[] = []
  /** Rows that were ever used. */
  #used = 0
  #size = 0
  /** The next free row plus one, or 0 if none is free; `order` of a free row links to the next one in the same way. */
  #free = 0

  get size(): number {
    return this.#size
  }

  /** Number of rows that were ever used; later rows have no visit. */
  get usedRows(): number {
    return this.#used
  }

  /** Returns the number with which the visit is read and removed; numbers of removed visits are reused. */
  add(row: VisitRow): number {
    checkRow(row)
    const id = this.#takeRow()
    this.#chunk(id).write(id % rowsPerChunk, row)
    this.#size += 1
    return id
  }

  /** @throws RangeError if no visit has this number. */
  read(id: number): VisitRow {
    return this.#occupied(id).read(id % rowsPerChunk)
  }

  /** When the visit ended. @throws RangeError if no visit has this number. */
  leftAt(id: number): number {
    return this.#occupied(id).columns.leftAt[id % rowsPerChunk] ?? Number.NaN
  }

  /** Its duration by a clock. @throws RangeError if no visit has this number. */
  dwellMs(id: number, clock: DwellClock): number {
    return this.#occupied(id)
      .columns.durations(clock)
      .get(id % rowsPerChunk)
  }

  /** See `VisitRow`. @throws RangeError if no visit has this number. */
  heldMs(id: number): number | undefined {
    return this.#occupied(id).heldMs(id % rowsPerChunk)
  }

  /** @throws RangeError if no visit has this number. */
  remove(id: number): void {
    this.#occupied(id).clear(id % rowsPerChunk, this.#free)
    this.#free = id + 1
    this.#size -= 1
  }

  /** The chunks from a number on; chunks are only ever added. */
  chunksFrom(number: number): VisitColumns[] {
    return this.#chunks.slice(number).map(({ columns }) => columns)
  }

  /** The columns of rare parts from a number on; columns are only ever added. */
  rarePartsFrom(number: number): RarePartMemory[] {
    return this.#rareParts.slice(number)
  }

  /** The chunk with a number, on the thread that writes it. @throws RangeError if there is none. */
  chunk(number: number): VisitChunk {
    return this.#chunk(number * rowsPerChunk)
  }

  /** Numbers of the chunks that may contain visits of the period. */
  chunksWithin({ fromMs, toMs }: VisitFilter): number[] {
    return this.#chunks.flatMap((chunk, number) => (chunk.columns.mayOverlap(fromMs, toMs) ? [number] : []))
  }

  /** The selected visits, on the thread that writes them, in batches; each batch overwrites the previous one. */
  *batches(choice: VisitChoice): Generator<VisitBatch> {
    const batch = new VisitBatch(choice)
    for (const number of this.chunksWithin(choice.filter)) {
      for (const row of batchStarts(number, this.#used)) {
        this.readBatch(batch, row)
        yield batch
      }
    }
  }

  /** The visits of a period that were ever in the condition, in no particular order, on the thread that writes them. */
  *everIn(condition: VisitCondition, span: Pick<VisitFilter, 'fromMs' | 'toMs'>): Generator<VisitRow> {
    const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY } = span
    for (const number of this.chunksWithin(span)) {
      for (const row of this.#chunks[number]?.everIn(condition) ?? []) {
        if (row.leftAt >= fromMs && row.leftAt < toMs) yield row
      }
    }
  }

  /** Reads the rows of a batch starting at `row`, on the thread that writes them. */
  readBatch(batch: VisitBatch, row: number): void {
    if (!batch.read(this.#chunk(row).columns, row, this.#used)) throw new Error('another thread writes the visits')
  }

  /** Counts into a table, on the thread that writes the visits; yields after each batch. */
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
    if (this.#used === this.#chunks.length * rowsPerChunk) {
      const chunk = this.#chunks.length
      this.#chunks.push(
        new VisitChunk((part, memory) => {
          this.#rareParts.push({ chunk, part, memory })
        }),
      )
    }
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

/** Typed arrays silently convert values out of range, so these errors of the caller are checked here. */
function checkRow(row: VisitRow): void {
  if (!(row.leftAt >= row.enteredAt)) throw new RangeError(`a visit from ${row.enteredAt} to ${row.leftAt} did not end`)
  if (!(row.workingMs >= 0)) throw new RangeError(`a visit did not work for ${row.workingMs} ms`)
  if (row.stage >= maxStages) throw new RangeError(`stage ${row.stage} is beyond the ${maxStages} that a store holds`)
  if (row.customer > nameMask) throw new RangeError(`customer ${row.customer} is beyond the ${nameMask} of a store`)
  if (row.product > nameMask) throw new RangeError(`product ${row.product} is beyond the ${nameMask} of a store`)
  if (row.department > departmentMask)
    throw new RangeError(`department ${row.department} is beyond the ${departmentMask} of a store`)
  if (row.customerClass >= maxCustomerClasses)
    throw new RangeError(`customer class ${row.customerClass} is beyond the ${maxCustomerClasses} that a store holds`)
}
