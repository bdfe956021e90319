import { StageHours } from '@stagewatch/server/engine/stage-hours.ts'
import { VisitStore } from '@stagewatch/server/engine/visit-store.ts'
import { heatMapCells } from '../heat-map-of-engine.ts'
import { hourCount, stageCount, syntheticVisits } from '../synthetic-visits.ts'
import type { Growing } from './growing.ts'
import { nsPerUnit } from './growing.ts'

/** The heat map of B3: the same cells, with more visits in each. */
export const heatMapRead: Growing = {
  name: 'heat map read',
  unit: 'cell',
  prepare(visits) {
    const hours = filledHours(visits)
    return () =>
      nsPerUnit(stageCount * hourCount, () => {
        if (heatMapCells(hours).length === 0) throw new Error('the heat map is empty')
      })
  },
}

/** The scan of B4. */
export const scan: Growing = {
  name: 'filtered scan',
  unit: 'visit',
  prepare(visits) {
    const store = new VisitStore()
    for (const visit of syntheticVisits(visits)) store.add(visit)
    const filter = { fromMs: Date.UTC(2026, 0, 6), toMs: Date.UTC(2026, 0, 11), departments: new Set([0, 2, 5]) }
    return () =>
      nsPerUnit(visits, () => {
        if (store.statistics(filter, 'elapsed').size !== stageCount)
          throw new Error('the scan has found too few stages')
      })
  },
}

/** Adds and removes a visit, so that the size stays constant. */
export const hoursAdd: Growing = {
  name: 'live aggregates, add and take back',
  unit: 'visit',
  prepare(visits) {
    const hours = filledHours(visits)
    const more = [...syntheticVisits(10_000)]
    return () =>
      nsPerUnit(more.length, () => {
        for (const visit of more) hours.add(visit)
        for (const visit of more) hours.remove(visit)
      })
  },
}

function filledHours(visits: number): StageHours {
  const hours = new StageHours()
  for (const visit of syntheticVisits(visits)) hours.add(visit)
  return hours
}
