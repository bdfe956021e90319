import { bucketOf, DwellHistogram } from './dwell-histogram.ts'

/** Many histograms in two arrays: an object for each would take long to send to another thread. */
export interface PackedHistograms {
  /** Four of each: first bucket, number of buckets, and the two halves of the sum. */
  readonly heads: Float64Array
  /** Counts of the buckets, one histogram after the other. */
  readonly counts: Uint32Array
}

const headLength = 4
/** An octave of buckets. */
const pageLength = 64
/** As many as there are octaves. */
const pagesPerGroup = 48
const sumLimit = 2 ** 53

/**
 * Distributions of the dwell of many groups of visits, in few typed arrays: what millions of visits are counted into. Of
 * each group there are only the octaves in which it has visits. It is what a `DwellHistogram` is, and is read as one.
 */
export class DwellCounts {
  #counts = new Uint32Array(0)
  #sumHigh = new Float64Array(0)
  #sumLow = new Float64Array(0)
  /** Of each group, where in `buckets` its pages begin; 0: it has none of that octave. */
  #pages = new Uint32Array(0)
  /** The first page is nobody's. */
  #buckets = new Uint32Array(16 * pageLength)
  #usedBuckets = pageLength

  /** Makes room for groups, which are numbered from 0. */
  cover(groups: number): void {
    if (groups <= this.#counts.length) return
    const capacity = Math.max(groups, 2 * this.#counts.length)
    this.#counts = grown(this.#counts, new Uint32Array(capacity))
    this.#sumHigh = grown(this.#sumHigh, new Float64Array(capacity))
    this.#sumLow = grown(this.#sumLow, new Float64Array(capacity))
    this.#pages = grown(this.#pages, new Uint32Array(capacity * pagesPerGroup))
  }

  /** The number of durations of a group. */
  countOf(group: number): number {
    return this.#counts[group] ?? 0
  }

  /** Counts the first `count` durations, each into its group, for which there must be room. */
  add(group: Int32Array, dwellMs: Float64Array, count: number): void {
    const counts = this.#counts
    const sumHigh = this.#sumHigh
    const sumLow = this.#sumLow
    const pages = this.#pages
    let buckets = this.#buckets
    for (let place = 0; place < count; place++) {
      const own = group[place] ?? 0
      const ms = dwellMs[place] ?? 0
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
      counts[own] = (counts[own] ?? 0) + 1
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

  /** What was counted of a group, as it is now. */
  histogramOf(group: number): DwellHistogram {
    const [first, end] = this.#octavesOf(group)
    const counts = new Uint32Array((end - first) * pageLength)
    this.#copyPages(group, first, end, counts, 0)
    const sum = [this.#sumHigh[group] ?? 0, this.#sumLow[group] ?? 0] as const
    return DwellHistogram.of({ firstBucket: first * pageLength, counts, sum })
  }

  pack(groups: readonly number[]): PackedHistograms {
    const spans = groups.map((group) => this.#octavesOf(group))
    const heads = new Float64Array(groups.length * headLength)
    const counts = new Uint32Array(spans.reduce((sum, [first, end]) => sum + (end - first) * pageLength, 0))
    let at = 0
    for (const [i, group] of groups.entries()) {
      const [first, end] = spans[i] ?? [0, 0]
      const length = (end - first) * pageLength
      heads.set([first * pageLength, length, this.#sumHigh[group] ?? 0, this.#sumLow[group] ?? 0], i * headLength)
      this.#copyPages(group, first, end, counts, at)
      at += length
    }
    return { heads, counts }
  }

  /** Adds what was packed, one after the other to the groups that `groupOf` gives; yields after each. */
  *merge({ heads, counts }: PackedHistograms, groupOf: (index: number) => number): Generator<void> {
    let from = 0
    for (let index = 0; index * headLength < heads.length; index++) {
      const [first = 0, length = 0, high = 0, low = 0] = heads.subarray(index * headLength)
      const group = groupOf(index)
      for (let i = 0; i < length; i += pageLength) {
        this.#addPage(group, (first + i) / pageLength, counts.subarray(from + i, from + i + pageLength))
      }
      const room = sumLimit - (this.#sumLow[group] ?? 0)
      const isOver = low >= room
      this.#sumHigh[group] = (this.#sumHigh[group] ?? 0) + high + Number(isOver)
      this.#sumLow[group] = isOver ? low - room : (this.#sumLow[group] ?? 0) + low
      from += length
      yield
    }
  }

  #addPage(group: number, octave: number, counts: Uint32Array): void {
    if (counts.every((count) => count === 0)) return
    const slot = group * pagesPerGroup + octave
    const page = (this.#pages[slot] ?? 0) || this.#newPage(slot)
    let added = 0
    for (let i = 0; i < counts.length; i++) {
      this.#buckets[page + i] = (this.#buckets[page + i] ?? 0) + (counts[i] ?? 0)
      added += counts[i] ?? 0
    }
    this.#counts[group] = (this.#counts[group] ?? 0) + added
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
