import type { StageState } from '@stagewatch/shared/domain/stage-state.ts'
import type { ReactElement } from 'react'

const octagon = 'M7.2 1h9.6L23 7.2v9.6L16.8 23H7.2L1 16.8V7.2z'
const exclamation = 'M12 6.2v6.6M12 17.1v.2'

/** One silhouette a state, told apart without colour. Drawn in `currentColor`; the cut-outs take `--glyph-ink`. */
const shapes: Record<StageState, ReactElement> = {
  overdue: (
    <>
      <path d={octagon} fill="currentColor" />
      <path d={exclamation} stroke="var(--glyph-ink, var(--bg))" strokeWidth="3" strokeLinecap="round" fill="none" />
    </>
  ),
  atRisk: (
    <>
      <path
        d="M12 3 22.2 21H1.8z"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.4"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <path d="M12 9.6v5M12 17.8v.1" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" fill="none" />
    </>
  ),
  stalled: <path d="M4 1h16v4h-2l-4.4 7 4.4 7h2v4H4v-4h2l4.4-7L6 5H4z" fill="currentColor" />,
  onHold: (
    <>
      <rect x="2" y="2" width="20" height="20" rx="4.5" fill="none" stroke="currentColor" strokeWidth="2.4" />
      <path d="M9 7.5v9M15 7.5v9" stroke="currentColor" strokeWidth="2.8" strokeLinecap="round" />
    </>
  ),
  onTrack: <circle cx="12" cy="12" r="9.4" fill="none" stroke="currentColor" strokeWidth="2.6" />,
  unknown: (
    <circle cx="12" cy="12" r="9.6" fill="none" stroke="currentColor" strokeWidth="2.6" strokeDasharray="3.4 2.63" />
  ),
}

interface StatusGlyphProps {
  readonly state: StageState
  /** A count of zero or one within its tolerance: the shape stays, the colour goes. */
  readonly quiet?: boolean
  readonly label?: string
}

export function StatusGlyph({ state, quiet = false, label }: StatusGlyphProps) {
  const naming = label === undefined ? { 'aria-hidden': true as const } : { role: 'img', 'aria-label': label }
  return (
    <svg className={`glyph glyph--${quiet ? 'quiet' : state}`} viewBox="0 0 24 24" {...naming}>
      {shapes[state]}
    </svg>
  )
}
