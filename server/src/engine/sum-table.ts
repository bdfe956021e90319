import type { DwellHistogram } from './dwell-histogram.ts'
import { GroupCounts, grown } from './group-counts.ts'
import { rowsPerBatch } from './visit-batch.ts'
import type { VisitBatch, VisitChoice } from './visit-batch.ts'
import { breachedFlag, judgedFlag } from './visit-columns.ts'
import type { PackedTable, SumPlan, VisitTable } from './visit-table.ts'

/** The finished visits of one name. */
export interface NameSum {
  readonly id: number
  readonly visits: number
  /** Exact up to 2^53. */
  readonly sumMs: number
  readonly judged: number
  readonly breaches: number
}

/** Of each name: its number and what `NameSum` says of it. */
const cellLength = 5
/** Every visit is of the one group of all. */
const ofAll = new Int32Array(rowsPerBatch)

/**
 * How many visits each name has and how long they took together, and the distribution of all of them: of a million
 * names only the sums fit into memory, and into the caches of a processor.
 */
export class SumTable implements VisitTable {
  readonly plan: SumPlan
  readonly isFull = false
  /** By number of the dimension, as everything below. */
  #visits = new Uint32Array(0)
  #judged = new Uint32Array(0)
  #breaches = new Uint32Array(0)
  #sumMs = new Float64Array(0)
  readonly #all = new GroupCounts()

  constructor(plan: SumPlan) {
    this.plan = plan
  }

  get reads(): Pick<VisitChoice, 'id' | 'also'> {
    return { id: this.plan.dimension, also: 'leftAt' }
  }

  /** Names that have a visit. */
  get sums(): NameSum[] {
    const sums: NameSum[] = []
    for (const [id, visits] of this.#visits.entries()) {
      if (visits === 0) continue
      const [judged = 0, breaches = 0, sumMs = 0] = [this.#judged[id], this.#breaches[id], this.#sumMs[id]]
      sums.push({ id, visits, sumMs, judged, breaches })
    }
    return sums
  }

  /** Of all visits. */
  get total(): { readonly histogram: DwellHistogram; readonly judged: number; readonly breaches: number } {
    return {
      histogram: this.#all.histogramOf(0),
      judged: this.#all.flagged(0, judgedFlag),
      breaches: this.#all.flagged(0, breachedFlag),
    }
  }

  add({ id, dwellMs, flags, count }: VisitBatch): void {
    this.#all.add(ofAll, dwellMs, flags, count)
    for (let place = 0; place < count; place++) {
      const own = id[place] ?? 0
      const pattern = flags[place] ?? 0
      if (own >= this.#visits.length) this.#cover(own + 1)
      this.#visits[own] = (this.#visits[own] ?? 0) + 1
      this.#sumMs[own] = (this.#sumMs[own] ?? 0) + (dwellMs[place] ?? 0)
      if ((pattern & judgedFlag) !== 0) this.#judged[own] = (this.#judged[own] ?? 0) + 1
      if ((pattern & breachedFlag) !== 0) this.#breaches[own] = (this.#breaches[own] ?? 0) + 1
    }
  }

  pack(): PackedTable {
    const { sums } = this
    const cells = new Float64Array(sums.length * cellLength)
    for (const [i, { id, visits, sumMs, judged, breaches }] of sums.entries()) {
      cells.set([id, visits, sumMs, judged, breaches], i * cellLength)
    }
    return { cells, groups: this.#all.pack(this.#all.capacity > 0 ? [0] : []), orders: new Uint32Array(0) }
  }

  *merge({ cells, groups }: PackedTable): Generator<void> {
    yield* this.#all.merge(groups, () => 0)
    for (let at = 0; at < cells.length; at += cellLength) {
      const [id = 0, visits = 0, sumMs = 0, judged = 0, breaches = 0] = cells.subarray(at, at + cellLength)
      this.#cover(id + 1)
      this.#visits[id] = (this.#visits[id] ?? 0) + visits
      this.#sumMs[id] = (this.#sumMs[id] ?? 0) + sumMs
      this.#judged[id] = (this.#judged[id] ?? 0) + judged
      this.#breaches[id] = (this.#breaches[id] ?? 0) + breaches
      if (at % (64 * cellLength) === 0) yield
    }
  }

  /** Makes room for so many names. */
  #cover(names: number): void {
    if (names <= this.#visits.length) return
    const length = Math.max(names, 64, 2 * this.#visits.length)
    this.#visits = grown(this.#visits, new Uint32Array(length))
    this.#judged = grown(this.#judged, new Uint32Array(length))
    this.#breaches = grown(this.#breaches, new Uint32Array(length))
    this.#sumMs = grown(this.#sumMs, new Float64Array(length))
  }
}
