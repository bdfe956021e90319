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
  readonly #finder: ColumnFinder
  readonly #begin: number
  readonly #spans: number
  /** Per stage: the number of visits there before, then the arrivals and then the departures of each span. */
  #counts = new Uint32Array(0)
  readonly #entered = new Int32Array(rowsPerBatch)
  readonly #left = new Int32Array(rowsPerBatch)

  constructor(plan: FlowPlan) {
    this.plan = plan
    this.#finder = new ColumnFinder(plan.spans)
    this.#begin = plan.spans.starts[0] ?? 0
    this.#spans = plan.spans.starts.length
  }

  /** By stage number; stages without any visit are missing. */
  get stages(): ReadonlyMap<number, StageFlow> {
    const spans = this.#spans
    return new Map(
      this.#filled().map((stage) => {
        const [before = 0, ...flow] = this.#ofStage(stage)
        return [stage, { before, arrived: flow.slice(0, spans), departed: flow.slice(spans) }]
      }),
    )
  }

  add({ id, leftAt, enteredAt, count }: VisitBatch): void {
    this.#finder.find(enteredAt, count, this.#entered)
    this.#finder.find(leftAt, count, this.#left)
    let last = 0
    for (let place = 0; place < count; place++) last = Math.max(last, id[place] ?? 0)
    this.#placeOf(last)
    // The loop changes no array and calls no function, which halves its time.
    const counts = this.#counts
    const entered = this.#entered
    const left = this.#left
    const begin = this.#begin
    const spans = this.#spans
    const width = this.#width
    const { to } = this.plan
    for (let place = 0; place < count; place++) {
      const from = (id[place] ?? 0) * width
      const at = enteredAt[place] ?? 0
      if (at < to) {
        const arrival = at < begin ? from : from + 1 + (entered[place] ?? 0)
        counts[arrival] = (counts[arrival] ?? 0) + 1
      }
      if ((leftAt[place] ?? 0) < to) {
        const departure = from + 1 + spans + (left[place] ?? 0)
        counts[departure] = (counts[departure] ?? 0) + 1
      }
    }
  }

  /** Counts an open visit. @param enteredAt epoch ms. */
  addOpen(stage: number, enteredAt: number): void {
    this.#finder.find(Float64Array.of(enteredAt), 1, this.#entered)
    this.#countEntry(this.#placeOf(stage), enteredAt, this.#entered[0] ?? 0)
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
    return 1 + 2 * this.#spans
  }

  #filled(): number[] {
    const stages = Array.from({ length: Math.floor(this.#counts.length / this.#width) }, (_, stage) => stage)
    return stages.filter((stage) => this.#ofStage(stage).some((count) => count > 0))
  }

  #ofStage(stage: number): Uint32Array {
    return this.#counts.subarray(stage * this.#width, (stage + 1) * this.#width)
  }

  /** Index of the counts of a stage; allocates them if necessary. */
  #placeOf(stage: number): number {
    const needed = (stage + 1) * this.#width
    if (needed > this.#counts.length) {
      this.#counts = grown(this.#counts, new Uint32Array(Math.max(needed, 2 * this.#counts.length)))
    }
    return stage * this.#width
  }

  #countEntry(from: number, enteredAt: number, span: number): void {
    if (enteredAt < this.#begin) this.#count(from)
    else if (enteredAt < this.plan.to) this.#count(from + 1 + span)
  }

  #count(place: number, visits = 1): void {
    this.#counts[place] = (this.#counts[place] ?? 0) + visits
  }
}
