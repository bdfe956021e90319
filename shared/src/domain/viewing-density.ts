/** Amount of content on a wall: `andon` is readable from far away. */
export type Density = 'standard' | 'andon'

export interface DensityProposal {
  readonly density: Density
  /** Visual angle of the smallest Chinese text that a decision needs, minutes of arc, at that density. */
  readonly angleArcMin: number
  /** False: too far away for either density; a larger screen or a shorter distance is needed. */
  readonly legible: boolean
}

/** ISO 9241-3, on which the type sizes of the wall are based. */
const leastAngleArcMin = 16
/** Layout pixels at a width of 1920: the customer's name on the standard wall, the smallest text on the andon wall. */
const decisionTextPx: Readonly<Record<Density, number>> = { standard: 31, andon: 48 }
const chineseGlyphShare = 0.9
const layoutHeightPx = 1080
const inchM = 0.0254
const heightOfDiagonal = 9 / Math.hypot(16, 9)

/**
 * The density that is readable on a 16:9 screen with the given diagonal, inches, from the given distance, metres:
 * standard if the customer's name has a visual angle of at least 16 minutes of arc, else andon.
 */
export function proposeDensity(diagonalInch: number, distanceM: number): DensityProposal {
  const standard = chineseAngleArcMin('standard', diagonalInch, distanceM)
  if (standard >= leastAngleArcMin) return { density: 'standard', angleArcMin: standard, legible: true }
  const andon = chineseAngleArcMin('andon', diagonalInch, distanceM)
  return { density: 'andon', angleArcMin: andon, legible: andon >= leastAngleArcMin }
}

function chineseAngleArcMin(density: Density, diagonalInch: number, distanceM: number): number {
  const pixelM = (diagonalInch * inchM * heightOfDiagonal) / layoutHeightPx
  const glyphM = decisionTextPx[density] * chineseGlyphShare * pixelM
  return (2 * Math.atan(glyphM / 2 / distanceM) * 180 * 60) / Math.PI
}
