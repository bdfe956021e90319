import { packHistograms, unpackHistograms } from './packed-histograms.ts'
import { StageStatistics } from './stage-statistics.ts'
import type { VisitBatch } from './visit-batch.ts'
import type { PackedTable, VisitTable } from './visit-table.ts'

/** Of each stage: its number, rework, judged, breaches, shortest, longest, and how many words its orders take. */
const cellLength = 7

/** Statistics of each stage. */
export class StageTable implements VisitTable {
  readonly plan = { kind: 'stages' } as const
  readonly id = 'order'
  readonly isFull = false
  readonly #stages: StageStatistics[] = []

  /** By stage; stages without a visit are missing. */
  get stages(): Map<number, StageStatistics> {
    return new Map(this.#stages.entries().filter(([, statistics]) => statistics !== undefined))
  }

  add(batch: VisitBatch): void {
    for (let place = 0; place < batch.count; place++) this.#stage(batch.stage(place)).add(batch, place)
  }

  pack(): PackedTable {
    const stages = [...this.stages]
    const words = stages.map(([, { orderSet }]) => orderSet.words)
    const orders = new Uint32Array(words.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const some of words) {
      orders.set(some, at)
      at += some.length
    }
    const cells = stages.flatMap(([stage, { rework, judged, breaches, minMs, maxMs }], i) => {
      return [stage, rework, judged, breaches, minMs, maxMs, words[i]?.length ?? 0]
    })
    const histograms = packHistograms(stages.map(([, { histogram }]) => histogram))
    return { cells: Float64Array.from(cells), histograms, orders }
  }

  *merge({ cells, histograms, orders }: PackedTable): Generator<void> {
    let at = 0
    let word = 0
    for (const histogram of unpackHistograms(histograms)) {
      const cell = cells.subarray(at, at + cellLength)
      const [stage = 0, rework = 0, judged = 0, breaches = 0, minMs = 0, maxMs = 0, words = 0] = cell
      const statistics = this.#stage(stage)
      statistics.histogram.merge(histogram)
      statistics.orderSet.addWords(orders.subarray(word, word + words))
      statistics.rework += rework
      statistics.judged += judged
      statistics.breaches += breaches
      statistics.minMs = Math.min(statistics.minMs, minMs)
      statistics.maxMs = Math.max(statistics.maxMs, maxMs)
      at += cellLength
      word += words
      yield
    }
  }

  #stage(stage: number): StageStatistics {
    return (this.#stages[stage] ??= new StageStatistics())
  }
}
