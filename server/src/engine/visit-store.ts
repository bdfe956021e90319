import { StageStatistics } from './stage-statistics.ts'
import { maxStages, rowsPerChunk, VisitColumns } from './visit-columns.ts'
import type { DwellClock, VisitRow } from './visit-columns.ts'
import { VisitTest } from './visit-filter.ts'
import type { VisitFilter } from './visit-filter.ts'

/** Called with some of the visits of a scan; `columns` hold them at the first `count` indices of `selected`. */
export type VisitVisitor = (columns: VisitColumns, selected: Uint32Array, count: number) => void

/**
 * The finished visits in memory, 38 bytes each, for the questions that no live aggregate answers. A slice scan may
 * be left to the event loop between slices: visits that are added or removed meanwhile are seen or not.
 */
export class VisitStore {
  readonly #chunks: VisitColumns[] = []
  /** Rows that were ever used. */
  #used = 0
  #size = 0
  /** One more than the free row to use next, whose `order` holds the same for the one after it; 0: none is free. */
  #free = 0

  get size(): number {
    return this.#size
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
    return this.#occupied(id).leftAt[id % rowsPerChunk] ?? Number.NaN
  }

  /** @throws RangeError when no visit has this number. */
  remove(id: number): void {
    const columns = this.#occupied(id)
    columns.clear(id % rowsPerChunk)
    columns.order[id % rowsPerChunk] = this.#free
    this.#free = id + 1
    this.#size -= 1
  }

  scan(filter: VisitFilter, visit: VisitVisitor): void {
    drain(this.scanSlices(filter, rowsPerChunk, visit))
  }

  /** Yields the share of the scan that is done (0..1) after every `rowsPerSlice` rows. */
  *scanSlices(filter: VisitFilter, rowsPerSlice: number, visit: VisitVisitor): Generator<number, void> {
    const test = new VisitTest(filter)
    const selected = new Uint32Array(Math.min(rowsPerSlice, rowsPerChunk))
    for (const [number, columns] of this.#chunks.entries()) {
      if (!test.mayMatch(columns)) continue
      const first = number * rowsPerChunk
      const end = Math.min(rowsPerChunk, this.#used - first)
      for (let from = 0; from < end; from += rowsPerSlice) {
        const to = Math.min(end, from + rowsPerSlice)
        visit(columns, selected, test.select(columns, from, to, selected))
        yield (first + to) / this.#used
      }
    }
  }

  statistics(filter: VisitFilter, clock: DwellClock): Map<number, StageStatistics> {
    return drain(this.statisticsSlices(filter, clock, rowsPerChunk))
  }

  /** By stage; stages without a visit are missing. Yields as `scanSlices` does. */
  *statisticsSlices(
    filter: VisitFilter,
    clock: DwellClock,
    rowsPerSlice: number,
  ): Generator<number, Map<number, StageStatistics>> {
    const stages: StageStatistics[] = []
    yield* this.scanSlices(filter, rowsPerSlice, (columns, selected, count) => {
      const dwell = columns.durations(clock)
      for (let i = 0; i < count; i++) {
        const index = selected[i] ?? 0
        const stage = columns.stage(index)
        const statistics = (stages[stage] ??= new StageStatistics())
        statistics.add(columns, index, dwell.get(index))
      }
    })
    return new Map(stages.entries().filter(([, statistics]) => statistics !== undefined))
  }

  #takeRow(): number {
    if (this.#free > 0) {
      const id = this.#free - 1
      this.#free = this.#chunk(id).order[id % rowsPerChunk] ?? 0
      return id
    }
    if (this.#used === this.#chunks.length * rowsPerChunk) this.#chunks.push(new VisitColumns())
    return this.#used++
  }

  #chunk(id: number): VisitColumns {
    const columns = this.#chunks[Math.floor(id / rowsPerChunk)]
    if (columns === undefined) throw new RangeError(`no visit has the number ${id}`)
    return columns
  }

  #occupied(id: number): VisitColumns {
    const columns = this.#chunk(id)
    if (Number.isNaN(columns.leftAt[id % rowsPerChunk] ?? Number.NaN))
      throw new RangeError(`no visit has the number ${id}`)
    return columns
  }
}

function drain<T>(slices: Generator<number, T>): T {
  for (;;) {
    const slice = slices.next()
    if (slice.done === true) return slice.value
  }
}

/** Typed arrays take any number and keep another one; these would be mistakes of the caller. */
function checkRow(row: VisitRow): void {
  if (!(row.leftAt >= row.enteredAt)) throw new RangeError(`a visit from ${row.enteredAt} to ${row.leftAt} did not end`)
  if (!(row.workingMs >= 0)) throw new RangeError(`a visit did not work for ${row.workingMs} ms`)
  if (row.stage >= maxStages) throw new RangeError(`stage ${row.stage} is beyond the ${maxStages} that a store holds`)
}
