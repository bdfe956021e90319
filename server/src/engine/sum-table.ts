import type { DwellHistogram } from './dwell-histogram.ts'
import { lowRange } from './duration-column.ts'
import { GroupCounts, grown } from './group-counts.ts'
import type { VisitBatch, VisitChoice } from './visit-batch.ts'
import { breachedFlag, flagsShift, hasTargetFlag } from './visit-columns.ts'
import type { PackedTable, SameRows, SumPlan, VisitTable } from './visit-table.ts'

/** The finished visits of one name. */
export interface NameSum {
  readonly id: number
  readonly visits: number
  /** Exact up to 2^53. */
  readonly sumMs: number
  readonly withTarget: number
  readonly breaches: number
}

/** Combinations of "has a target" and "passed it", which are counted per name. */
const outcomes = 4
const hasTarget = 1
const isBreached = 2
/** Values per name: its number, its total time, and the number of visits per outcome. */
const cellLength = 2 + outcomes

/**
 * The number of visits and the total time of each name, and the distribution of all visits: for a million names, only
 * the sums fit into memory and into the CPU caches.
 */
export class SumTable implements VisitTable {
  readonly plan: SumPlan
  readonly isFull = false
  /** Indexed by number in the dimension and outcome. */
  #visits = new Uint32Array(0)
  /** Indexed by number in the dimension. */
  #sumMs = new Float64Array(0)
  readonly #all = new GroupCounts()

  constructor(plan: SumPlan) {
    this.plan = plan
  }

  get reads(): Pick<VisitChoice, 'id' | 'also'> {
    return { id: this.plan.dimension, also: 'nothing' }
  }

  /** Names with at least one visit. Reads a million of them by index, because slices of the arrays take ten times as long. */
  get sums(): NameSum[] {
    const sums: NameSum[] = []
    const counts = this.#visits
    for (let id = 0, at = 0; id < this.#sumMs.length; id++, at += outcomes) {
      const [neither, target, breached, both] = [counts[at], counts[at + 1], counts[at + 2], counts[at + 3]]
      const withTarget = (target ?? 0) + (both ?? 0)
      const visits = withTarget + (neither ?? 0) + (breached ?? 0)
      if (visits === 0) continue
      sums.push({ id, visits, sumMs: this.#sumMs[id] ?? 0, withTarget, breaches: (breached ?? 0) + (both ?? 0) })
    }
    return this.plan.sameRows === undefined ? sums : together(sums, this.plan.sameRows)
  }

  /** Total over all visits. */
  get total(): { readonly histogram: DwellHistogram; readonly withTarget: number; readonly breaches: number } {
    return {
      histogram: this.#all.histogramOf(0),
      withTarget: this.#all.flagged(0, hasTargetFlag),
      breaches: this.#all.flagged(0, breachedFlag),
    }
  }

  add(batch: VisitBatch): void {
    const { id, count } = batch
    this.#all.addToOne(0, batch)
    for (let place = this.#addKnown(batch, 0); place < count; place = this.#addKnown(batch, place)) {
      this.#cover((id[place] ?? 0) + 1)
    }
  }

  /** Adds visits from an index on, until a name exceeds the allocated arrays; returns the index of that visit. */
  #addKnown({ id, dwellLow, dwellHigh, stageAndFlags, count }: VisitBatch, from: number): number {
    const visits = this.#visits
    const sums = this.#sumMs
    for (let place = from; place < count; place++) {
      const own = id[place] ?? 0
      if (own >= sums.length) return place
      const pattern = (stageAndFlags[place] ?? 0) >>> flagsShift
      const at =
        own * outcomes +
        ((pattern & hasTargetFlag) === 0 ? 0 : hasTarget) +
        ((pattern & breachedFlag) === 0 ? 0 : isBreached)
      visits[at] = (visits[at] ?? 0) + 1
      sums[own] = (sums[own] ?? 0) + (dwellHigh[place] ?? 0) * lowRange + (dwellLow[place] ?? 0)
    }
    return count
  }

  pack(): PackedTable {
    const counts = this.#visits
    let length = 0
    for (let id = 0; id < this.#sumMs.length; id++) if (this.#hasVisits(id)) length += cellLength
    const cells = new Float64Array(length)
    for (let id = 0, at = 0; id < this.#sumMs.length; id++) {
      if (!this.#hasVisits(id)) continue
      cells[at] = id
      cells[at + 1] = this.#sumMs[id] ?? 0
      for (let outcome = 0; outcome < outcomes; outcome++)
        cells[at + 2 + outcome] = counts[id * outcomes + outcome] ?? 0
      at += cellLength
    }
    return { cells, groups: this.#all.pack(this.#all.capacity > 0 ? [0] : []), orders: new Uint32Array(0) }
  }

  *merge({ cells, groups }: PackedTable): Generator<void> {
    yield* this.#all.merge(groups, () => 0)
    for (let at = 0; at < cells.length; at += cellLength) {
      const id = cells[at] ?? 0
      this.#cover(id + 1)
      const counts = this.#visits
      this.#sumMs[id] = (this.#sumMs[id] ?? 0) + (cells[at + 1] ?? 0)
      for (let outcome = 0; outcome < outcomes; outcome++) {
        const own = id * outcomes + outcome
        counts[own] = (counts[own] ?? 0) + (cells[at + 2 + outcome] ?? 0)
      }
      if (at % (256 * cellLength) === 0) yield
    }
  }

  #hasVisits(id: number): boolean {
    const counts = this.#visits
    for (let at = id * outcomes; at < (id + 1) * outcomes; at++) if ((counts[at] ?? 0) > 0) return true
    return false
  }

  /** Allocates the arrays for this many names. */
  #cover(names: number): void {
    if (names <= this.#sumMs.length) return
    const length = Math.max(names, 64, 2 * this.#sumMs.length)
    this.#visits = grown(this.#visits, new Uint32Array(length * outcomes))
    this.#sumMs = grown(this.#sumMs, new Float64Array(length))
  }
}

/** Adds up the sums of names that are counted as one. */
function together(sums: readonly NameSum[], same: SameRows): NameSum[] {
  const byId = new Map<number, NameSum>()
  for (const sum of sums) {
    const id = same.get(sum.id) ?? sum.id
    const known = byId.get(id) ?? { visits: 0, sumMs: 0, withTarget: 0, breaches: 0 }
    byId.set(id, {
      id,
      visits: known.visits + sum.visits,
      sumMs: known.sumMs + sum.sumMs,
      withTarget: known.withTarget + sum.withTarget,
      breaches: known.breaches + sum.breaches,
    })
  }
  return [...byId.values()]
}
