import type { BoardRow } from '@stagewatch/shared/contract/board.ts'
import { overMs } from '../row-time.ts'

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
const mostBins = 30

export interface AgeingBins {
  /** Width of a bin, ms. */
  readonly stepMs: number
  /** Bins before the limit; the one at this index begins at the limit. */
  readonly limitAt: number
  /** By how far their rows are past the limit, the least first; each begins at `fromMs` past it. */
  readonly bins: readonly { readonly fromMs: number; readonly rows: readonly BoardRow[] }[]
}

/** Orders sorted into equal bins around their limit, so that every mark can be counted. */
export function ageingBins(rows: readonly BoardRow[], now: number): AgeingBins {
  const over = rows.map((row) => overMs(row, now))
  const least = Math.min(0, ...over)
  const most = Math.max(0, ...over)
  const stepMs = steps.find((step) => binsFor(least, most, step) <= mostBins) ?? stepFor(most - least)
  const limitAt = Math.max(0, Math.ceil(-least / stepMs))
  const count = limitAt + Math.floor(most / stepMs) + 1
  const bins = Array.from({ length: count }, (_, bin) => ({
    fromMs: (bin - limitAt) * stepMs,
    rows: new Array<BoardRow>(),
  }))
  for (const row of rows) bins[limitAt + Math.floor(overMs(row, now) / stepMs)]?.rows.push(row)
  return { stepMs, limitAt, bins }
}

function binsFor(least: number, most: number, step: number): number {
  return Math.ceil(-least / step) + Math.floor(most / step) + 1
}

/** Whole weeks, for orders that are forgotten for years. */
function stepFor(span: number): number {
  return Math.ceil(span / (mostBins - 2) / (7 * dayMs)) * 7 * dayMs
}
