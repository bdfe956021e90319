import type { WallLayout } from '../../wall-layout.ts'

/** Height of what stands above and below the list within its scene, the margins of the wall included. */
const outside = { wide: 336, tall: 336, ultra: 136, portrait: 1280 }
/** Head of the panel, and its foot for the newest breach. */
const besidesRows = 204
const rowHeight = 90

/** How many rows a page of the list holds. */
export function listRoom({ kind, height }: WallLayout): number {
  const rows = Math.max(2, Math.floor((height - outside[kind] - besidesRows) / rowHeight))
  return kind === 'ultra' ? rows * 2 : rows
}
