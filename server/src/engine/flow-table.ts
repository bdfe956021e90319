import { GroupCounts, grown } from './group-counts.ts'
import { columnsAt } from './time-columns.ts'
import { rowsPerBatch } from './visit-batch.ts'
import type { VisitBatch } from './visit-batch.ts'
import type { FlowPlan, PackedTable, VisitTable } from './visit-table.ts'

/** How visits came to a stage and left it; the places are spans of time. */
export interface StageFlow {
  /** Entered before the first span and not left before it. */
  readonly before: number
  readonly arrived: readonly number[]
  readonly departed: readonly number[]
}

/**
 * Arrivals and departures of each stage by time. Only visits that were left in the first span or later may be counted
 * in: those, and no others, were open at some instant from its beginning on.
 */
export class FlowTable implements VisitTable {
  readonly plan: FlowPlan
  readonly reads = { id: 'stage', also: 'span' } as const
  readonly isFull = false
  readonly #begin: number
  readonly #spans: number
  /** Of each stage: how many were there before, then arrivals, then departures of each span. */
  #counts = new Uint32Array(0)
  readonly #entered = new Int32Array(rowsPerBatch)
  readonly #left = new Int32Array(rowsPerBatch)

  constructor(plan: FlowPlan) {
    this.plan = plan
    this.#begin = plan.spans.starts[0] ?? 0
    this.#spans = plan.spans.starts.length
  }

  /** By number of the stage; stages to which nothing came, and at which nothing was, are missing. */
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
    columnsAt(this.plan.spans, enteredAt, count, this.#entered)
    columnsAt(this.plan.spans, leftAt, count, this.#left)
    for (let place = 0; place < count; place++) {
      const from = this.#placeOf(id[place] ?? 0)
      this.#countEntry(from, enteredAt[place] ?? 0, this.#entered[place] ?? 0)
      if ((leftAt[place] ?? 0) < this.plan.to) this.#count(from + 1 + this.#spans + (this.#left[place] ?? 0))
    }
  }

  /** Counts a visit that goes on. @param enteredAt epoch ms. */
  addOpen(stage: number, enteredAt: number): void {
    columnsAt(this.plan.spans, Float64Array.of(enteredAt), 1, this.#entered)
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

  /** Where the counts of a stage begin, for which there is room then. */
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
