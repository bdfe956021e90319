/** How hard property tests try; `FAST_CHECK_RUNS` raises it for a long search. */
export const propertyRuns = { numRuns: Number(process.env['FAST_CHECK_RUNS'] ?? 500) }
