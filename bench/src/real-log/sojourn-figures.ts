/** The compared figures of a stage: its finished visits and their durations. */
export interface SojournFigures {
  readonly visits: number
  readonly meanMs: number
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p99Ms: number
}

/** @throws unless counts are equal, means equal to the ms, and percentiles within 1 % or a ms of the exact ones. */
export function checkSojourns(
  ours: ReadonlyMap<string, SojournFigures>,
  exact: ReadonlyMap<string, SojournFigures>,
): void {
  if (ours.size !== exact.size) throw new Error(`${ours.size} stages, but the peer has ${exact.size}`)
  for (const [stage, figures] of ours) {
    const other = exact.get(stage)
    if (other === undefined) throw new Error(`the peer has no stage ${stage}`)
    if (figures.visits !== other.visits) throw new Error(`${stage}: ${figures.visits} visits, not ${other.visits}`)
    if (!(Math.abs(figures.meanMs - other.meanMs) <= 1)) {
      throw new Error(`${stage}: a mean of ${figures.meanMs} ms, not ${other.meanMs}`)
    }
    for (const key of ['p50Ms', 'p90Ms', 'p99Ms'] as const) {
      const allowedMs = Math.max(1, other[key] / 100)
      if (!(Math.abs(figures[key] - other[key]) <= allowedMs)) {
        throw new Error(`${stage}: ${key} is ${figures[key]}, not ${other[key]}`)
      }
    }
  }
}
