import type { StageState } from '@stagewatch/shared/domain/stage-state.ts'
import { glyphShapes, type GlyphPart } from './glyph-shapes.ts'

interface StatusGlyphProps {
  readonly state: StageState
  /** For a count that is zero or within its tolerance: keeps the shape but not the colour. */
  readonly quiet?: boolean
  readonly label?: string
}

/** Drawn in `currentColor`, with cut-outs in `--glyph-ink`. */
export function StatusGlyph({ state, quiet = false, label }: StatusGlyphProps) {
  const naming = label === undefined ? { 'aria-hidden': true as const } : { role: 'img', 'aria-label': label }
  return (
    <svg className={`glyph glyph--${quiet ? 'quiet' : state}`} viewBox="0 0 24 24" {...naming}>
      {glyphShapes[state].map((part) => (
        <path key={part.path} d={part.path} {...paint(part)} />
      ))}
    </svg>
  )
}

function paint(part: GlyphPart) {
  if ('fill' in part) return { fill: 'currentColor' }
  const { lineWidth, join, cap, dash, isCut } = part
  return {
    fill: 'none',
    stroke: isCut ? 'var(--glyph-ink, var(--bg))' : 'currentColor',
    strokeWidth: lineWidth,
    ...(join && { strokeLinejoin: join }),
    ...(cap && { strokeLinecap: cap }),
    ...(dash && { strokeDasharray: dash.join(' ') }),
  }
}
