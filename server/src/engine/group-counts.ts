import { bucketOf, DwellHistogram } from './dwell-histogram.ts'
import { ExactSum } from './exact-sum.ts'
import { flagPatterns } from './visit-columns.ts'

/** Many groups in two arrays: an object for each would take long to send to another thread. */
export interface PackedGroups {
  /** Of each: first bucket, number of buckets, the two halves of the sum, and how many visits have which flags. */
  readonly heads: Float64Array
  /** Counts of the buckets, one group after the other. */
  readonly buckets: Uint32Array
}

const headLength = 4 + flagPatterns
/** An octave of buckets. */
const pageLength = 64
/** As many as there are octaves. */
const pagesPerGroup = 48
const sumLimit = 2 ** 53

/**
 * How many visits of many groups have which flags, and the distribution of their dwell, in few typed arrays: what millions
 * of visits are counted into. Of each group there are only the octaves in which it has visits. Groups are numbered from 0,
 * and there is room for each that comes.
 */
export class GroupCounts {
  #capacity = 0
  /** Of each group: how many visits have no flag, how many only the first, and so on. */
  #flagged = new Uint32Array(0)
  #sumHigh = new Float64Array(0)
  #sumLow = new Float64Array(0)
  /** Of each group, where in `buckets` its pages begin; 0: it has none of that octave. */
  #pages = new Uint32Array(0)
  /** The first page is nobody's. */
  #buckets = new Uint32Array(16 * pageLength)
  #usedBuckets = pageLength

  /** Groups beyond it have no visit. */
  get capacity(): number {
    return this.#capacity
  }

  /** Counts the first `count` visits, each into its group. */
  add(group: Int32Array, dwellMs: Float64Array, flags: Uint8Array, count: number): void {
    let flagged = this.#flagged
    let sumHigh = this.#sumHigh
    let sumLow = this.#sumLow
    let pages = this.#pages
    let buckets = this.#buckets
    for (let place = 0; place < count; place++) {
      const own = group[place] ?? 0
      const ms = dwellMs[place] ?? 0
      if (own >= sumLow.length) {
        this.#cover(own + 1)
        flagged = this.#flagged
        sumHigh = this.#sumHigh
        sumLow = this.#sumLow
        pages = this.#pages
      }
      const pattern = own * flagPatterns + (flags[place] ?? 0)
      flagged[pattern] = (flagged[pattern] ?? 0) + 1
      const small = ms >>> 0
      // Nearly all are shorter than 49 days; to call a function for each takes a tenth of the time.
      const octave = Math.max(0, 25 - Math.clz32(small))
      const bucket = small === ms ? octave * pageLength + (small >>> octave) : bucketOf(ms)
      const slot = own * pagesPerGroup + (bucket >>> 6)
      let page = pages[slot] ?? 0
      if (page === 0) {
        page = this.#newPage(slot)
        buckets = this.#buckets
      }
      const at = page + (bucket & (pageLength - 1))
      buckets[at] = (buckets[at] ?? 0) + 1
      // See `ExactSum`.
      const low = sumLow[own] ?? 0
      const room = sumLimit - low
      if (ms < room) sumLow[own] = low + ms
      else {
        sumHigh[own] = (sumHigh[own] ?? 0) + 1
        sumLow[own] = ms - room
      }
    }
  }

  /** The number of visits of a group. */
  visits(group: number): number {
    let visits = 0
    for (let pattern = 0; pattern < flagPatterns; pattern++)
      visits += this.#flagged[group * flagPatterns + pattern] ?? 0
    return visits
  }

  /** The number of its visits that have a flag. */
  flagged(group: number, flag: number): number {
    let visits = 0
    for (let pattern = 0; pattern < flagPatterns; pattern++) {
      if ((pattern & flag) !== 0) visits += this.#flagged[group * flagPatterns + pattern] ?? 0
    }
    return visits
  }

  /** The dwell of its visits, as it is now. */
  histogramOf(group: number): DwellHistogram {
    const [first, end] = this.#octavesOf(group)
    const counts = new Uint32Array((end - first) * pageLength)
    this.#copyPages(group, first, end, counts, 0)
    const sum = [this.#sumHigh[group] ?? 0, this.#sumLow[group] ?? 0] as const
    return DwellHistogram.of({ firstBucket: first * pageLength, counts, sum })
  }

  /** The sum of the dwell of its visits, ms. */
  sumMs(group: number): number {
    return (this.#sumHigh[group] ?? 0) * sumLimit + (this.#sumLow[group] ?? 0)
  }

  /** The dwell of the visits of all groups. */
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

  /** Adds what was packed, one after the other to the groups that `groupOf` gives; yields after each. */
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

  /** From the first octave in which there are durations up to, not including, the one after the last. */
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

/** Writes a column to the beginning of a longer one, which takes its place. */
export function grown<Column extends Uint32Array | Int32Array | Float64Array>(column: Column, longer: Column): Column {
  longer.set(column)
  return longer
}
