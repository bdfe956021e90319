/** Something whose cost may depend on how much is there. */
export interface Growing {
  readonly name: string
  /** What one unit of the work is. */
  readonly unit: string
  /** Prepares the work at a size and gives a turn of it: ns for a unit. */
  readonly prepare: (visits: number) => () => number
}

/** Runs `work` for at least 100 ms, at least once; ns for each of the units that a run has. */
export function nsPerUnit(units: number, work: () => void): number {
  let runs = 0
  const startedAt = performance.now()
  let elapsedMs = 0
  while (elapsedMs < 100) {
    work()
    runs += 1
    elapsedMs = performance.now() - startedAt
  }
  return (elapsedMs * 1e6) / (units * runs)
}
