import type { StageStatistics } from '@stagewatch/server/engine/stage-statistics.ts'

const counted = ['visits', 'orders', 'rework', 'breaches', 'sumMs', 'minMs', 'maxMs'] as const
const ranked = ['p50Ms', 'p90Ms', 'p99Ms'] as const

/** The figures of a stage in `GET /api/v1/stages/stats`. */
export type StageFigures = Readonly<Record<(typeof counted)[number] | (typeof ranked)[number], number>>

export function figuresOf(statistics: StageStatistics): StageFigures {
  const { visits, orders, rework, breaches, sumMs, minMs, maxMs, histogram } = statistics
  const [p50Ms = 0, p90Ms = 0, p99Ms = 0] = [0.5, 0.9, 0.99].map((ratio) => histogram.percentile(ratio))
  return { visits, orders, rework, breaches, sumMs, minMs, maxMs, p50Ms, p90Ms, p99Ms }
}

/** @throws unless counts, sums and ends are equal and percentiles within 1 %. */
export function checkStages(ours: ReadonlyMap<number, StageFigures>, exact: ReadonlyMap<number, StageFigures>): string {
  if (ours.size !== exact.size) throw new Error(`${ours.size} stages, but the peer has ${exact.size}`)
  for (const [stage, figures] of ours) {
    const other = exact.get(stage)
    if (other === undefined) throw new Error(`the peer has no stage ${stage}`)
    for (const key of counted) {
      if (figures[key] !== other[key]) throw new Error(`${key} of stage ${stage}: ${figures[key]}, not ${other[key]}`)
    }
    for (const key of ranked) {
      if (Math.abs(figures[key] - other[key]) > 0.01 * other[key]) throw new Error(`${key} of stage ${stage} is off`)
    }
  }
  return 'counts, distinct orders, sums, minima and maxima equal; percentiles within 1 %'
}
