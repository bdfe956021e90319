import type { WallLayout } from '../../wall-layout.ts'

/** Height of everything above and below the list within its scene, including the wall's margins. */
const outside = { wide: 336, tall: 336, ultra: 136, portrait: 1280 }
/** Panel header, and its footer for the newest breach. */
const besidesRows = 204
const rowHeight = 90

/** Number of rows on a page of the list. */
export function listRoom({ kind, height }: WallLayout): number {
  const rows = Math.max(2, Math.floor((height - outside[kind] - besidesRows) / rowHeight))
  return kind === 'ultra' ? rows * 2 : rows
}
