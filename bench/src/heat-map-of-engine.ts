import { StageHours } from '@stagewatch/server/engine/stage-hours.ts'
import type { TalliedVisit } from '@stagewatch/server/engine/visit-tally.ts'
import type { HeatFigures } from './heat-figures.ts'
import { firstHour, hourCount, stageCount } from './synthetic-visits.ts'
import type { Source } from './times-faster.ts'

/** The product: the live aggregates of its engine. */
export function heatMapOfEngine(visits: Iterable<TalliedVisit>): Source<HeatFigures[]> {
  const hours = new StageHours()
  for (const visit of visits) hours.add(visit)
  return { name: 'live aggregates', read: async () => heatMapCells(hours), close: async () => {} }
}

export function heatMapCells(hours: StageHours): HeatFigures[] {
  const figures: HeatFigures[] = []
  for (let stage = 0; stage < stageCount; stage++) {
    for (let hour = firstHour; hour < firstHour + hourCount; hour++) {
      const cell = hours.cell(stage, hour)
      if (cell === undefined) continue
      const { histogram, count, breaches } = cell
      figures.push({
        stage,
        hour,
        meanMs: histogram.mean ?? 0,
        p50Ms: histogram.percentile(0.5) ?? 0,
        p90Ms: histogram.percentile(0.9) ?? 0,
        p99Ms: histogram.percentile(0.99) ?? 0,
        breachRatio: breaches / count,
      })
    }
  }
  return figures
}
