import { DwellCounts, grown } from './dwell-counts.ts'
import { IdSet } from './id-set.ts'
import type { StageStatistics } from './stage-statistics.ts'
import { rowsPerBatch } from './visit-batch.ts'
import type { VisitBatch } from './visit-batch.ts'
import { breachedShift, judgedShift, maxStages, reworkShift, stageMask } from './visit-columns.ts'
import type { PackedTable, VisitTable } from './visit-table.ts'

/** The three flags of a visit as one number, see `VisitColumns`. */
const flagsShift = judgedShift
const flagPatterns = 8

/** Of each stage: its number, shortest, longest, how many words its orders take, and how many visits have which flags. */
const cellLength = 4 + flagPatterns

/** Statistics of each stage. */
export class StageTable implements VisitTable {
  readonly plan = { kind: 'stages' } as const
  readonly id = 'order'
  readonly isFull = false
  /** By stage: one more than its place; 0: it has none. */
  readonly #places = new Uint16Array(maxStages)
  /** By place, as everything below. */
  readonly #stages: number[] = []
  readonly #orders: IdSet[] = []
  #shortestMs = new Float64Array(0)
  #longestMs = new Float64Array(0)
  /** How many visits have which flags. */
  #flags = new Uint32Array(0)
  readonly #dwell = new DwellCounts()
  /** Of each visit of a batch: the place of its stage. */
  readonly #placeOfVisit = new Int32Array(rowsPerBatch)

  /** By stage; stages without a visit are missing. */
  get stages(): Map<number, StageStatistics> {
    return new Map(this.#stages.map((stage, place) => [stage, this.#statisticsAt(place)]))
  }

  add({ id, dwellMs, stageAndFlags, count }: VisitBatch): void {
    const places = this.#placeOfVisit
    const known = this.#places
    for (let i = 0; i < count; i++) {
      const stage = (stageAndFlags[i] ?? 0) & stageMask
      const place = known[stage] ?? 0
      places[i] = place > 0 ? place - 1 : this.#newPlace(stage)
    }
    this.#dwell.add(places, dwellMs, count)
    const flags = this.#flags
    const shortest = this.#shortestMs
    const longest = this.#longestMs
    for (let i = 0; i < count; i++) {
      const place = places[i] ?? 0
      const ms = dwellMs[i] ?? 0
      const pattern = place * flagPatterns + ((stageAndFlags[i] ?? 0) >>> flagsShift)
      flags[pattern] = (flags[pattern] ?? 0) + 1
      if (ms < (shortest[place] ?? 0)) shortest[place] = ms
      if (ms > (longest[place] ?? 0)) longest[place] = ms
    }
    const orders = this.#orders
    for (let i = 0; i < count; i++) orders[places[i] ?? 0]?.add(id[i] ?? 0)
  }

  pack(): PackedTable {
    const words = this.#orders.map((orders) => orders.words)
    const orders = new Uint32Array(words.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const some of words) {
      orders.set(some, at)
      at += some.length
    }
    const cells = this.#stages.flatMap((stage, place) => [
      stage,
      this.#shortestMs[place] ?? 0,
      this.#longestMs[place] ?? 0,
      words[place]?.length ?? 0,
      ...this.#flagsAt(place),
    ])
    const histograms = this.#dwell.pack([...this.#stages.keys()])
    return { cells: Float64Array.from(cells), histograms, orders }
  }

  *merge({ cells, histograms, orders }: PackedTable): Generator<void> {
    let word = 0
    yield* this.#dwell.merge(histograms, (index) => {
      const [stage = 0, shortestMs = 0, longestMs = 0, words = 0, ...flags] = cells.subarray(
        index * cellLength,
        (index + 1) * cellLength,
      )
      const place = this.#placeOf(stage)
      this.#orders[place]?.addWords(orders.subarray(word, word + words))
      this.#shortestMs[place] = Math.min(this.#shortestMs[place] ?? 0, shortestMs)
      this.#longestMs[place] = Math.max(this.#longestMs[place] ?? 0, longestMs)
      const own = this.#flagsAt(place)
      for (const [pattern, visits] of flags.entries()) own[pattern] = (own[pattern] ?? 0) + visits
      word += words
      return place
    })
  }

  #statisticsAt(place: number): StageStatistics {
    const histogram = this.#dwell.histogramOf(place)
    const orderSet = this.#orders[place] ?? new IdSet()
    const flagged = (shift: number): number =>
      this.#flagsAt(place).reduce((sum, visits, pattern) => sum + ((pattern >>> (shift - flagsShift)) & 1) * visits, 0)
    return {
      histogram,
      visits: histogram.count,
      sumMs: histogram.sumMs,
      orderSet,
      orders: orderSet.size,
      rework: flagged(reworkShift),
      judged: flagged(judgedShift),
      breaches: flagged(breachedShift),
      minMs: this.#shortestMs[place] ?? 0,
      maxMs: this.#longestMs[place] ?? 0,
    }
  }

  #flagsAt(place: number): Uint32Array {
    return this.#flags.subarray(place * flagPatterns, (place + 1) * flagPatterns)
  }

  #placeOf(stage: number): number {
    const known = this.#places[stage] ?? 0
    return known > 0 ? known - 1 : this.#newPlace(stage)
  }

  #newPlace(stage: number): number {
    const place = this.#stages.push(stage) - 1
    this.#orders.push(new IdSet())
    this.#places[stage] = place + 1
    this.#dwell.cover(place + 1)
    if (place >= this.#shortestMs.length) {
      const capacity = Math.max(16, 2 * this.#shortestMs.length)
      this.#shortestMs = grown(this.#shortestMs, new Float64Array(capacity).fill(Number.POSITIVE_INFINITY))
      this.#longestMs = grown(this.#longestMs, new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY))
      this.#flags = grown(this.#flags, new Uint32Array(capacity * flagPatterns))
    }
    return place
  }
}
