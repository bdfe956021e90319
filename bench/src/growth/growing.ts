/** Work whose cost may depend on the amount of data. */
export interface Growing {
  readonly name: string
  /** Name of one unit of work. */
  readonly unit: string
  /** Prepares the work for a size, and returns a function that runs a turn: ns per unit. */
  readonly prepare: (visits: number) => () => number
}

/** Runs `work` at least once and for at least 100 ms; returns ns per unit, given the units of a run. */
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
