import type { WallLayout } from '../wall-layout.ts'

/** Height of what stands above and below the list within its scene, the margins of the wall included. */
const outside = { wide: 336, tall: 336, ultra: 136, portrait: 1280 }
/** Head of the panel, a heading between the two kinds of rows, and the reasons at the foot. */
const besidesRows = { wide: 291, tall: 291, ultra: 291, portrait: 150 }
const rowHeight = 90

/** How many orders the list of the focus scene holds. */
export function focusRoom({ kind, height }: WallLayout): number {
  return Math.max(2, Math.floor((height - outside[kind] - besidesRows[kind] + 3) / rowHeight))
}
