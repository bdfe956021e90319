/** 0 is empty or nothing overdue; from 3 on the stage is at or above its tolerance. */
export type HeatClass = 0 | 1 | 2 | 3 | 4 | 5

/** With fewer open orders a ratio is not meaningful: a fraction is shown and the colour is capped. */
export const fewOrders = 5

/**
 * The colour class of a heat-map cell, relative to the stage's tolerance t:
 * `0 | < t/2 | < t | < 1.5 t | < 2.5 t | >= 2.5 t`.
 */
export function heatClass(overdueCount: number, wipCount: number, toleranceRatio: number): HeatClass {
  if (overdueCount === 0 || wipCount === 0) return 0
  // Rounded, because 15 of 100 at a tolerance of 0.1 is 1.4999999999999998 in binary.
  const relative = Math.round((overdueCount / wipCount / toleranceRatio) * 1e9) / 1e9
  const plain = relative < 0.5 ? 1 : relative < 1 ? 2 : relative < 1.5 ? 3 : relative < 2.5 ? 4 : 5
  return wipCount < fewOrders && overdueCount < 2 ? (Math.min(plain, 2) as HeatClass) : plain
}
