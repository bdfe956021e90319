/** The figures in a cell of the stage x hour heat map; ratios 0..1. */
export interface HeatFigures {
  readonly stage: number
  readonly hour: number
  readonly meanMs: number
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p99Ms: number
  readonly breachRatio: number
}

/** The largest relative error of a percentile against the exact value. @throws when cells or means differ. */
export function largestPercentileError(figures: readonly HeatFigures[], exact: readonly HeatFigures[]): number {
  const byCell = new Map(exact.map((cell) => [`${cell.stage}/${cell.hour}`, cell]))
  if (figures.length !== byCell.size) throw new Error(`${figures.length} cells, but the peer has ${byCell.size}`)
  let largest = 0
  for (const cell of figures) {
    const other = byCell.get(`${cell.stage}/${cell.hour}`)
    if (other === undefined) throw new Error(`the peer has no cell for stage ${cell.stage}, hour ${cell.hour}`)
    if (relativeError(cell.meanMs, other.meanMs) > 1e-9 || relativeError(cell.breachRatio, other.breachRatio) > 1e-9) {
      throw new Error(`stage ${cell.stage}, hour ${cell.hour} differs in its mean or its breaches`)
    }
    for (const key of ['p50Ms', 'p90Ms', 'p99Ms'] as const) {
      largest = Math.max(largest, relativeError(cell[key], other[key]))
    }
  }
  return largest
}

function relativeError(value: number, exact: number): number {
  return value === exact ? 0 : Math.abs(value - exact) / Math.abs(exact)
}
