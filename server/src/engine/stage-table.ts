import { lowRange } from './duration-column.ts'
import { GroupCounts, grown } from './group-counts.ts'
import { IdSet } from './id-set.ts'
import type { StageStatistics } from './stage-statistics.ts'
import type { VisitBatch } from './visit-batch.ts'
import { breachedFlag, hasTargetFlag, reworkFlag } from './visit-columns.ts'
import type { PackedTable, VisitTable } from './visit-table.ts'

/** Values per stage: its number, shortest, longest, and the number of words in its order bitmap. */
const cellLength = 4

/** Statistics of each stage. */
export class StageTable implements VisitTable {
  readonly plan = { kind: 'stages' } as const
  readonly reads = { id: 'stage', also: 'order' } as const
  readonly isFull = false
  /** Indexed by stage, like everything below. */
  readonly #counts = new GroupCounts()
  #shortestMs = new Float64Array(0)
  #longestMs = new Float64Array(0)
  readonly #orders: IdSet[] = []

  /** By stage number; stages without a visit are missing. */
  get stages(): Map<number, StageStatistics> {
    return new Map(this.#filled().map((stage) => [stage, this.#statisticsOf(stage)]))
  }

  add(batch: VisitBatch): void {
    const { id, dwellLow, dwellHigh, order, count } = batch
    this.#counts.add(id, batch)
    this.#cover()
    const shortest = this.#shortestMs
    const longest = this.#longestMs
    const orders = this.#orders
    for (let place = 0; place < count; place++) {
      const stage = id[place] ?? 0
      const ms = (dwellHigh[place] ?? 0) * lowRange + (dwellLow[place] ?? 0)
      if (ms < (shortest[stage] ?? 0)) shortest[stage] = ms
      if (ms > (longest[stage] ?? 0)) longest[stage] = ms
      orders[stage]?.add(order[place] ?? 0)
    }
  }

  pack(): PackedTable {
    const stages = this.#filled()
    const words = stages.map((stage) => this.#orders[stage]?.words ?? new Uint32Array(0))
    const orders = new Uint32Array(words.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const some of words) {
      orders.set(some, at)
      at += some.length
    }
    const cells = stages.flatMap((stage, i) => [
      stage,
      this.#shortestMs[stage] ?? 0,
      this.#longestMs[stage] ?? 0,
      words[i]?.length ?? 0,
    ])
    return { cells: Float64Array.from(cells), groups: this.#counts.pack(stages), orders }
  }

  *merge({ cells, groups, orders }: PackedTable): Generator<void> {
    let word = 0
    let index = 0
    for (const _ of this.#counts.merge(groups, (i) => cells[i * cellLength] ?? 0)) {
      const [stage = 0, shortestMs = 0, longestMs = 0, words = 0] = cells.subarray(index * cellLength)
      this.#cover()
      this.#orders[stage]?.addWords(orders.subarray(word, word + words))
      this.#shortestMs[stage] = Math.min(this.#shortestMs[stage] ?? 0, shortestMs)
      this.#longestMs[stage] = Math.max(this.#longestMs[stage] ?? 0, longestMs)
      word += words
      index += 1
      yield
    }
  }

  /** Stages with at least one visit. */
  #filled(): number[] {
    return Array.from(this.#orders.keys()).filter((stage) => this.#counts.visits(stage) > 0)
  }

  #statisticsOf(stage: number): StageStatistics {
    const counts = this.#counts
    const histogram = counts.histogramOf(stage)
    const orderSet = this.#orders[stage] ?? new IdSet()
    return {
      histogram,
      visits: histogram.count,
      sumMs: histogram.sumMs,
      orderSet,
      orders: orderSet.size,
      rework: counts.flagged(stage, reworkFlag),
      withTarget: counts.flagged(stage, hasTargetFlag),
      breaches: counts.flagged(stage, breachedFlag),
      minMs: this.#shortestMs[stage] ?? 0,
      maxMs: this.#longestMs[stage] ?? 0,
    }
  }

  /** Allocates the arrays for all stages in the counts. */
  #cover(): void {
    const { capacity } = this.#counts
    if (capacity === this.#orders.length) return
    this.#shortestMs = grown(this.#shortestMs, new Float64Array(capacity).fill(Number.POSITIVE_INFINITY))
    this.#longestMs = grown(this.#longestMs, new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY))
    while (this.#orders.length < capacity) this.#orders.push(new IdSet())
  }
}
