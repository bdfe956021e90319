const runs = process.env['FAST_CHECK_RUNS']

/**
 * Number of runs of property tests; `FAST_CHECK_RUNS` raises it for a long search. Without it a test is interrupted
 * after ten seconds, because shrinking a large counterexample can take hours and no timeout of the test runner stops
 * it.
 */
export const propertyRuns = runsOf(500)

/** For properties whose single case takes milliseconds: fewer runs by day, the same number at night. */
export const costlyPropertyRuns = runsOf(100)

function runsOf(usual: number) {
  return runs === undefined ? { numRuns: usual, interruptAfterTimeLimit: 10_000 } : { numRuns: Number(runs) }
}
