const runs = process.env['FAST_CHECK_RUNS']

/**
 * How hard property tests try; `FAST_CHECK_RUNS` raises it for a long search. Without it a test stops after ten
 * seconds: a large counterexample would be made smaller for hours, and no time limit of the runner ends that.
 */
export const propertyRuns =
  runs === undefined ? { numRuns: 500, interruptAfterTimeLimit: 10_000 } : { numRuns: Number(runs) }
