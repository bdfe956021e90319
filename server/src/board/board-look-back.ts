/** A board looks back no further: its longest span is the lead time of seven days, and today is one of them. */
export const boardLookBackMs = 9 * 24 * 3_600_000
