import type { VisitBatch } from './visit-batch.ts'
import { bucketOf, DwellHistogram } from './dwell-histogram.ts'
import { ExactSum } from './exact-sum.ts'
import { lowRange } from './duration-column.ts'
import { flagPatterns, flagsShift } from './visit-columns.ts'

/** Many groups in two arrays, because an object per group would take long to send to another thread. */
export interface PackedGroups {
  /**
   * Per group: first bucket, number of buckets, the two halves of the sum, and the number of visits per combination of
   * flags.
   */
  readonly heads: Float64Array
  /** Bucket counts, one group after the other. */
  readonly buckets: Uint32Array
}

/** Part of a batch; the first `count` indices are visits. */
export type CountedVisits = Pick<VisitBatch, 'dwellLow' | 'dwellHigh' | 'stageAndFlags' | 'count'>

const headLength = 4 + flagPatterns
/** One octave of buckets. */
const pageLength = 64
/** The number of octaves. */
const pagesPerGroup = 48
const sumLimit = 2 ** 53

/**
 * The number of visits per combination of flags, and the distribution of their dwell, for many groups in a few typed
 * arrays: the target for counting millions of visits. A group has memory only for octaves with visits. Groups are
 * numbered from 0 and allocated on demand.
 */
export class GroupCounts {
  #capacity = 0
  /** Per group: the number of visits with no flag, with only the first flag, and so on. */
  #flagged = new Uint32Array(0)
  #sumHigh = new Float64Array(0)
  #sumLow = new Float64Array(0)
  /** Per group and octave: start of its page in `buckets`, or 0 if it has none. */
  #pages = new Uint32Array(0)
  /** The first page is unused. */
  #buckets = new Uint32Array(16 * pageLength)
  #usedBuckets = pageLength

  /** Groups from this number on have no visits. */
  get capacity(): number {
    return this.#capacity
  }

  /** Counts the first `count` visits, each into its group. */
  add(group: Int32Array, visits: CountedVisits): void {
    const { count } = visits
    for (let place = this.#addUsual(group, visits, 0); place < count; place = this.#addUsual(group, visits, place + 1))
      this.#addOne(group[place] ?? 0, visits, place)
  }

  /**
   * Counts visits from `from` on, until one is the first of its group or octave, or is long; returns its index. The
   * loop calls no function, so the arrays cannot change: re-reading them for each visit would take as long as
   * everything else.
   */
  #addUsual(group: Int32Array, visits: CountedVisits, from: number): number {
    const { dwellLow, dwellHigh, stageAndFlags, count } = visits
    const flagged = this.#flagged
    const sumLow = this.#sumLow
    const pages = this.#pages
    const buckets = this.#buckets
    for (let place = from; place < count; place++) {
      const own = group[place] ?? 0
      if (own >= sumLow.length) return place
      // 49 days or more.
      if (dwellHigh[place] !== 0) return place
      const ms = dwellLow[place] ?? 0
      const octave = Math.max(0, 25 - Math.clz32(ms))
      const bucket = octave * pageLength + (ms >>> octave)
      const page = pages[own * pagesPerGroup + (bucket >>> 6)] ?? 0
      if (page === 0) return place
      const low = sumLow[own] ?? 0
      if (low >= sumLimit - ms) return place
      sumLow[own] = low + ms
      const at = page + (bucket & (pageLength - 1))
      buckets[at] = (buckets[at] ?? 0) + 1
      const pattern = own * flagPatterns + ((stageAndFlags[place] ?? 0) >>> flagsShift)
      flagged[pattern] = (flagged[pattern] ?? 0) + 1
    }
    return count
  }

  /** Counts the first `count` visits into the same group. */
  addToOne(group: number, visits: CountedVisits): void {
    const { count } = visits
    this.#cover(group + 1)
    const addUsual = (from: number): number => this.#addUsualTo(group, visits, from)
    for (let place = addUsual(0); place < count; place = addUsual(place + 1)) this.#addOne(group, visits, place)
  }

  /**
   * See `#addUsual`. The sum is kept in a local variable: in the array, each addition would wait for the previous
   * store.
   */
  #addUsualTo(own: number, visits: CountedVisits, from: number): number {
    const { dwellLow, dwellHigh, stageAndFlags, count } = visits
    const flagged = this.#flagged
    const pages = this.#pages
    const buckets = this.#buckets
    let low = this.#sumLow[own] ?? 0
    let place = from
    for (; place < count; place++) {
      const ms = dwellLow[place] ?? 0
      if (dwellHigh[place] !== 0 || low >= sumLimit - ms) break
      const octave = Math.max(0, 25 - Math.clz32(ms))
      const bucket = octave * pageLength + (ms >>> octave)
      const page = pages[own * pagesPerGroup + (bucket >>> 6)] ?? 0
      if (page === 0) break
      low += ms
      const at = page + (bucket & (pageLength - 1))
      buckets[at] = (buckets[at] ?? 0) + 1
      const pattern = own * flagPatterns + ((stageAndFlags[place] ?? 0) >>> flagsShift)
      flagged[pattern] = (flagged[pattern] ?? 0) + 1
    }
    this.#sumLow[own] = low
    return place
  }

  /** The same for a single visit without restrictions. */
  #addOne(own: number, { dwellLow, dwellHigh, stageAndFlags }: CountedVisits, place: number): void {
    this.#cover(own + 1)
    const ms = (dwellHigh[place] ?? 0) * lowRange + (dwellLow[place] ?? 0)
    const bucket = bucketOf(ms)
    const slot = own * pagesPerGroup + (bucket >>> 6)
    const page = (this.#pages[slot] ?? 0) || this.#newPage(slot)
    const at = page + (bucket & (pageLength - 1))
    this.#buckets[at] = (this.#buckets[at] ?? 0) + 1
    const pattern = own * flagPatterns + ((stageAndFlags[place] ?? 0) >>> flagsShift)
    this.#flagged[pattern] = (this.#flagged[pattern] ?? 0) + 1
    // See `ExactSum`.
    const low = this.#sumLow[own] ?? 0
    const room = sumLimit - low
    if (ms >= room) this.#sumHigh[own] = (this.#sumHigh[own] ?? 0) + 1
    this.#sumLow[own] = ms < room ? low + ms : ms - room
  }

  /** Number of visits in a group. */
  visits(group: number): number {
    let visits = 0
    for (let pattern = 0; pattern < flagPatterns; pattern++)
      visits += this.#flagged[group * flagPatterns + pattern] ?? 0
    return visits
  }

  /** Number of visits in the group with this flag. */
  flagged(group: number, flag: number): number {
    let visits = 0
    for (let pattern = 0; pattern < flagPatterns; pattern++) {
      if ((pattern & flag) !== 0) visits += this.#flagged[group * flagPatterns + pattern] ?? 0
    }
    return visits
  }

  /** Current dwell distribution of the group. */
  histogramOf(group: number): DwellHistogram {
    const [first, end] = this.#octavesOf(group)
    const counts = new Uint32Array((end - first) * pageLength)
    this.#copyPages(group, first, end, counts, 0)
    const sum = [this.#sumHigh[group] ?? 0, this.#sumLow[group] ?? 0] as const
    return DwellHistogram.of({ firstBucket: first * pageLength, counts, sum })
  }

  /** Sum of the dwell of the group's visits, ms. */
  sumMs(group: number): number {
    return (this.#sumHigh[group] ?? 0) * sumLimit + (this.#sumLow[group] ?? 0)
  }

  /** Dwell distribution of the visits of all groups. */
  histogramOfAll(): DwellHistogram {
    const counts = new Uint32Array(pagesPerGroup * pageLength)
    const sum = new ExactSum()
    for (let group = 0; group < this.#capacity; group++) {
      sum.addParts(this.#sumHigh[group] ?? 0, this.#sumLow[group] ?? 0)
      for (let octave = 0; octave < pagesPerGroup; octave++) {
        const page = this.#pages[group * pagesPerGroup + octave] ?? 0
        if (page === 0) continue
        const first = octave * pageLength
        for (let i = 0; i < pageLength; i++)
          counts[first + i] = (counts[first + i] ?? 0) + (this.#buckets[page + i] ?? 0)
      }
    }
    return DwellHistogram.of({ firstBucket: 0, counts, sum: sum.parts })
  }

  pack(groups: readonly number[]): PackedGroups {
    const spans = groups.map((group) => this.#octavesOf(group))
    const heads = new Float64Array(groups.length * headLength)
    const buckets = new Uint32Array(spans.reduce((sum, [first, end]) => sum + (end - first) * pageLength, 0))
    let at = 0
    for (const [i, group] of groups.entries()) {
      const [first, end] = spans[i] ?? [0, 0]
      const length = (end - first) * pageLength
      heads.set([first * pageLength, length, this.#sumHigh[group] ?? 0, this.#sumLow[group] ?? 0], i * headLength)
      heads.set(this.#patternsOf(group), (i + 1) * headLength - flagPatterns)
      this.#copyPages(group, first, end, buckets, at)
      at += length
    }
    return { heads, buckets }
  }

  /** Adds packed groups to the groups given by `groupOf`; yields after each. */
  *merge({ heads, buckets }: PackedGroups, groupOf: (index: number) => number): Generator<void> {
    let from = 0
    for (let index = 0; index * headLength < heads.length; index++) {
      const head = heads.subarray(index * headLength, (index + 1) * headLength)
      const [first = 0, length = 0, high = 0, low = 0, ...patterns] = head
      const group = groupOf(index)
      this.#cover(group + 1)
      const own = this.#patternsOf(group)
      for (const [pattern, visits] of patterns.entries()) own[pattern] = (own[pattern] ?? 0) + visits
      for (let i = 0; i < length; i += pageLength) {
        this.#addPage(group, (first + i) / pageLength, buckets.subarray(from + i, from + i + pageLength))
      }
      const room = sumLimit - (this.#sumLow[group] ?? 0)
      const isOver = low >= room
      this.#sumHigh[group] = (this.#sumHigh[group] ?? 0) + high + Number(isOver)
      this.#sumLow[group] = isOver ? low - room : (this.#sumLow[group] ?? 0) + low
      from += length
      yield
    }
  }

  #cover(groups: number): void {
    if (groups <= this.#capacity) return
    this.#capacity = Math.max(groups, 16, 2 * this.#capacity)
    this.#flagged = grown(this.#flagged, new Uint32Array(this.#capacity * flagPatterns))
    this.#sumHigh = grown(this.#sumHigh, new Float64Array(this.#capacity))
    this.#sumLow = grown(this.#sumLow, new Float64Array(this.#capacity))
    this.#pages = grown(this.#pages, new Uint32Array(this.#capacity * pagesPerGroup))
  }

  #patternsOf(group: number): Uint32Array {
    return this.#flagged.subarray(group * flagPatterns, (group + 1) * flagPatterns)
  }

  #addPage(group: number, octave: number, counts: Uint32Array): void {
    if (counts.every((count) => count === 0)) return
    const slot = group * pagesPerGroup + octave
    const page = (this.#pages[slot] ?? 0) || this.#newPage(slot)
    for (let i = 0; i < counts.length; i++) {
      this.#buckets[page + i] = (this.#buckets[page + i] ?? 0) + (counts[i] ?? 0)
    }
  }

  /** From the first octave with durations up to the one after the last, exclusive. */
  #octavesOf(group: number): readonly [first: number, end: number] {
    const pages = this.#pages.subarray(group * pagesPerGroup, (group + 1) * pagesPerGroup)
    const first = pages.findIndex((page) => page > 0)
    return first === -1 ? [0, 0] : [first, pages.findLastIndex((page) => page > 0) + 1]
  }

  #copyPages(group: number, first: number, end: number, into: Uint32Array, at: number): void {
    for (let octave = first; octave < end; octave++) {
      const page = this.#pages[group * pagesPerGroup + octave] ?? 0
      if (page > 0) into.set(this.#buckets.subarray(page, page + pageLength), at + (octave - first) * pageLength)
    }
  }

  #newPage(slot: number): number {
    const page = this.#usedBuckets
    this.#usedBuckets += pageLength
    if (this.#usedBuckets > this.#buckets.length) {
      this.#buckets = grown(this.#buckets, new Uint32Array(2 * this.#buckets.length))
    }
    this.#pages[slot] = page
    return page
  }
}

/** Copies a column to the start of a longer one that replaces it. */
export function grown<Column extends Uint32Array | Int32Array | Float64Array>(column: Column, longer: Column): Column {
  longer.set(column)
  return longer
}
