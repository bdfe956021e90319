/** A share as it may be shown, in percent. */
export interface RoundedShare {
  readonly percent: number
  /** The share is below or above `percent`, which would be untrue without the sign. */
  readonly bound?: '<' | '>'
}

/**
 * Rounds a share to whole percents, or to `digits` decimals. A share above zero never becomes 0, and a share below the
 * total never becomes 100: 1 of 400 is `< 1`, and 2,999 of 3,000 is `> 99.9`.
 * @param total not zero.
 */
export function roundedShare(part: number, total: number, digits: 0 | 1 = 0): RoundedShare {
  const step = digits === 0 ? 1 : 0.1
  const percent = Number(((part / total) * 100).toFixed(digits))
  if (part > 0 && percent === 0) return { percent: step, bound: '<' }
  if (part < total && percent >= 100) return { percent: 100 - step, bound: '>' }
  return { percent }
}
