import { GroupCounts, grown } from './group-counts.ts'
import { ColumnFinder } from './time-columns.ts'
import { rowsPerBatch } from './visit-batch.ts'
import type { VisitBatch } from './visit-batch.ts'
import type { FlowPlan, PackedTable, VisitTable } from './visit-table.ts'

/** Arrivals at and departures from a stage; the indices are time spans. */
export interface StageFlow {
  /** Entered before the first span and still there at its start. */
  readonly before: number
  readonly arrived: readonly number[]
  readonly departed: readonly number[]
}

/**
 * Arrivals and departures of each stage over time. Only visits that ended in the first span or later may be added,
 * because exactly those were open at some instant since its start.
 */
export class FlowTable implements VisitTable {
  readonly plan: FlowPlan
  readonly reads = { id: 'stage', also: 'span' } as const
  readonly isFull = false
  /** Finds 0 before the first span, 1 and so on in the spans, and one more number after the last one. */
  readonly #finder: ColumnFinder
  /** Number of arrivals of a stage, and of its departures. */
  readonly #half: number
  /**
   * Per stage: arrivals before the first span, in each span and after the last one, then departures in the same way.
   * Counting those before and after takes less time than telling them apart.
   */
  #counts = new Uint32Array(0)
  readonly #entered = new Int32Array(rowsPerBatch)
  readonly #left = new Int32Array(rowsPerBatch)

  constructor(plan: FlowPlan) {
    this.plan = plan
    const { starts } = plan.spans
    const columns = Uint32Array.from({ length: starts.length + 1 }, (_, span) => span + 1)
    this.#finder = new ColumnFinder({ starts: Float64Array.of(...starts, plan.to), columns }, 0)
    this.#half = starts.length + 2
  }

  /** By stage number; stages without any visit are missing. */
  get stages(): ReadonlyMap<number, StageFlow> {
    const half = this.#half
    return new Map(
      this.#filled().map((stage) => {
        const [before = 0, ...flow] = this.#ofStage(stage)
        return [stage, { before, arrived: flow.slice(0, half - 2), departed: flow.slice(half, -1) }]
      }),
    )
  }

  add({ id, leftAt, enteredAt, count }: VisitBatch): void {
    this.#finder.find(enteredAt, count, this.#entered)
    this.#finder.find(leftAt, count, this.#left)
    for (let place = this.#addKnown(id, count, 0); place < count; place = this.#addKnown(id, count, place))
      this.#placeOf(id[place] ?? 0)
  }

  /**
   * Counts visits of a batch from an index on, until one is in a stage without counts; returns its index. The loop
   * changes no array and calls no function, which halves its time.
   */
  #addKnown(id: Int32Array, count: number, from: number): number {
    const counts = this.#counts
    const entered = this.#entered
    const left = this.#left
    const half = this.#half
    const stages = counts.length / (2 * half)
    for (let place = from; place < count; place++) {
      const stage = id[place] ?? 0
      if (stage >= stages) return place
      const arrival = stage * 2 * half + (entered[place] ?? 0)
      const departure = stage * 2 * half + half + (left[place] ?? 0)
      counts[arrival] = (counts[arrival] ?? 0) + 1
      counts[departure] = (counts[departure] ?? 0) + 1
    }
    return count
  }

  /** Counts an open visit. @param enteredAt epoch ms. */
  addOpen(stage: number, enteredAt: number): void {
    this.#finder.find(Float64Array.of(enteredAt), 1, this.#entered)
    this.#count(this.#placeOf(stage) + (this.#entered[0] ?? 0))
  }

  pack(): PackedTable {
    const stages = this.#filled()
    const cells = Float64Array.from(stages.flatMap((stage) => [stage, ...this.#ofStage(stage)]))
    return { cells, groups: new GroupCounts().pack([]), orders: new Uint32Array(0) }
  }

  *merge({ cells }: PackedTable): Generator<void> {
    for (let at = 0; at < cells.length; at += 1 + this.#width) {
      const from = this.#placeOf(cells[at] ?? 0)
      for (let i = 0; i < this.#width; i++) this.#count(from + i, cells[at + 1 + i])
      yield
    }
  }

  get #width(): number {
    return 2 * this.#half
  }

  /** Stages with a visit that the flow shows: one that began after the last span is not. */
  #filled(): number[] {
    const stages = Array.from({ length: this.#counts.length / this.#width }, (_, stage) => stage)
    // What has left a stage by then arrived before.
    return stages.filter((stage) =>
      this.#ofStage(stage)
        .subarray(0, this.#half - 1)
        .some((arrivals) => arrivals > 0),
    )
  }

  #ofStage(stage: number): Uint32Array {
    return this.#counts.subarray(stage * this.#width, (stage + 1) * this.#width)
  }

  /** Index of the counts of a stage; allocates them if necessary. */
  #placeOf(stage: number): number {
    if ((stage + 1) * this.#width > this.#counts.length) {
      const stages = Math.max(stage + 1, (2 * this.#counts.length) / this.#width)
      this.#counts = grown(this.#counts, new Uint32Array(stages * this.#width))
    }
    return stage * this.#width
  }

  #count(place: number, visits = 1): void {
    this.#counts[place] = (this.#counts[place] ?? 0) + visits
  }
}
