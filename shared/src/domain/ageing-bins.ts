import type { StageState } from './stage-state.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const steps = [
  5 * minuteMs,
  15 * minuteMs,
  30 * minuteMs,
  hourMs,
  2 * hourMs,
  4 * hourMs,
  12 * hourMs,
  dayMs,
  7 * dayMs,
]
const maxBins = 30

/** How far an order is past its limit, working ms; negative: before it. */
export interface AgedOrder {
  readonly overMs: number
  readonly state: StageState
}

export interface AgeingBins {
  /** Width of a bin, ms. */
  readonly stepMs: number
  /** Number of bins before the limit; the bin at this index begins at the limit. */
  readonly limitAt: number
  /** Orders by state, starting with those that have the most time left. */
  readonly bins: Partial<Record<StageState, number>>[]
}

/** Counts orders in equal bins around their limit. There are few enough bins to draw each of them. */
export function ageingBins(orders: readonly AgedOrder[]): AgeingBins {
  let least = 0
  let most = 0
  for (const { overMs } of orders) {
    least = Math.min(least, overMs)
    most = Math.max(most, overMs)
  }
  const stepMs = steps.find((step) => binsFor(least, most, step) <= maxBins) ?? stepFor(most - least)
  const limitAt = Math.max(0, Math.ceil(-least / stepMs))
  const count = limitAt + Math.floor(most / stepMs) + 1
  const bins = Array.from({ length: count }, (): Partial<Record<StageState, number>> => ({}))
  for (const { overMs, state } of orders) {
    const bin = bins[limitAt + Math.floor(overMs / stepMs)]
    if (bin !== undefined) bin[state] = (bin[state] ?? 0) + 1
  }
  return { stepMs, limitAt, bins }
}

function binsFor(least: number, most: number, step: number): number {
  return Math.ceil(-least / step) + Math.floor(most / step) + 1
}

/** Whole weeks, for orders that have been forgotten for years. */
function stepFor(span: number): number {
  return Math.ceil(span / (maxBins - 2) / (7 * dayMs)) * 7 * dayMs
}
