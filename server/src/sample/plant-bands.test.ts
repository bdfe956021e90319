import { beforeAll, describe, expect, test } from 'vitest'
import { dayMs, hourMs } from './plant-time.ts'
import { plantFigures } from './testing/plant-figures.ts'
import type { PlantFigures } from './testing/plant-figures.ts'
import { plantHistory } from './testing/plant-history.ts'

/** Every fifth hour of two weeks after 30 days: each hour of the day, each day of the week. */
const probeHours = Array.from({ length: 68 }, (_, i) => 30 * 24 + 5 * i)

interface Band {
  readonly of: (at: PlantFigures) => number
  /** Minimum at any time. */
  readonly least: number
  readonly most: number
  /** Range of the average. */
  readonly usual: readonly [from: number, to: number]
}

const bands: Readonly<Record<string, Band>> = {
  'open orders': { of: (at) => at.openCount, least: 450, most: 650, usual: [490, 580] },
  'overdue orders': { of: (at) => at.overdueCount, least: 5, most: 90, usual: [24, 43] },
  'unclaimed ÷ overdue': { of: (at) => at.unclaimedCount / at.overdueCount, least: 0, most: 0.85, usual: [0.17, 0.45] },
  'orders at risk': { of: (at) => at.atRiskCount, least: 8, most: 80, usual: [25, 55] },
  'stalled orders': { of: (at) => at.stalledCount, least: 0, most: 50, usual: [4, 18] },
  'placed in 24 h': { of: (at) => at.placedCount, least: 50, most: 105, usual: [70, 84] },
  'signed in 24 h': { of: (at) => at.signedCount, least: 30, most: 120, usual: [65, 85] },
  'on time ÷ signed': { of: (at) => at.onTimeCount / at.signedCount, least: 0.65, most: 1, usual: [0.8, 0.97] },
  'lead time in days': { of: (at) => (at.leadTimeMs ?? 0) / dayMs, least: 5.5, most: 7.5, usual: [6, 7.2] },
  'stages over tolerance': { of: overToleranceRatio, least: 0, most: 0.7, usual: [0.08, 0.3] },
}

describe.for(['east', 'plant-1', 'sample factory'])('a plant of 30 days and more, seed "%s"', (seed) => {
  let figures: readonly PlantFigures[] = []

  beforeAll(() => {
    const startAt = Date.UTC(2026, 1, 3) + seed.length * 7 * hourMs
    const instants = probeHours.map((hour) => startAt + hour * hourMs)
    figures = [...plantFigures(plantHistory({ seed, startAt }, startAt + 45 * dayMs), instants)]
  }, 60_000)

  test.for(Object.entries(bands))('keeps its %s believable', ([, { of, least, most, usual }]) => {
    const values = figures.map(of)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    expect(Math.min(...values)).toBeGreaterThanOrEqual(least)
    expect(Math.max(...values)).toBeLessThanOrEqual(most)
    expect(mean).toBeGreaterThanOrEqual(usual[0])
    expect(mean).toBeLessThanOrEqual(usual[1])
  })

  test('has a bottleneck about most of the time, and not always the same', () => {
    const framed = figures.flatMap(({ bottleneck }) => bottleneck ?? [])
    expect(framed.length).toBeGreaterThan(0.45 * figures.length)
    expect(new Set(framed).size).toBeGreaterThanOrEqual(4)
  })
})

function overToleranceRatio({ stages }: PlantFigures): number {
  const over = stages.filter(
    ({ overdueCount, wipCount, toleranceRatio }) => overdueCount >= 3 && overdueCount >= toleranceRatio * wipCount,
  )
  return over.length / stages.length
}
