import type { StageState } from '@stagewatch/shared/domain/stage-state.ts'

/** A part of a glyph in a 24 × 24 square: either filled or stroked. */
export type GlyphPart =
  | { readonly path: string; readonly fill: true }
  | {
      readonly path: string
      readonly lineWidth: number
      readonly join?: 'round'
      readonly cap?: 'round'
      readonly dash?: readonly [number, number]
      /** A cut-out, drawn in the background colour. */
      readonly isCut?: true
    }

/** One silhouette per state, distinguishable without colour. */
export const glyphShapes: Record<StageState, readonly GlyphPart[]> = {
  overdue: [
    { path: 'M7.2 1h9.6L23 7.2v9.6L16.8 23H7.2L1 16.8V7.2z', fill: true },
    { path: 'M12 6.2v6.6M12 17.1v.2', lineWidth: 3, cap: 'round', isCut: true },
  ],
  atRisk: [
    { path: 'M12 3 22.2 21H1.8z', lineWidth: 2.4, join: 'round', cap: 'round' },
    { path: 'M12 9.6v5M12 17.8v.1', lineWidth: 2.4, cap: 'round' },
  ],
  stalled: [{ path: 'M4 1h16v4h-2l-4.4 7 4.4 7h2v4H4v-4h2l4.4-7L6 5H4z', fill: true }],
  onHold: [
    {
      path: 'M6.5 2h11a4.5 4.5 0 0 1 4.5 4.5v11a4.5 4.5 0 0 1-4.5 4.5h-11a4.5 4.5 0 0 1-4.5-4.5v-11a4.5 4.5 0 0 1 4.5-4.5z',
      lineWidth: 2.4,
    },
    { path: 'M9 7.5v9M15 7.5v9', lineWidth: 2.8, cap: 'round' },
  ],
  onTrack: [{ path: circle(9.4), lineWidth: 2.6 }],
  unknown: [{ path: circle(9.6), lineWidth: 2.6, dash: [3.4, 2.63] }],
}

function circle(radius: number): string {
  return `M${12 + radius} 12a${radius} ${radius} 0 1 1-${2 * radius} 0a${radius} ${radius} 0 1 1 ${2 * radius} 0z`
}
