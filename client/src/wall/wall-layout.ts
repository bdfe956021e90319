/**
 * `wide`: around 16:9. `tall`: 16:10 to square, more rows. `ultra`: from 2.5:1 on, panels side by side. `portrait`:
 * panels stacked.
 */
export type LayoutKind = 'wide' | 'tall' | 'ultra' | 'portrait'

export interface WallLayout {
  readonly kind: LayoutKind
  /** Screen pixels per layout pixel. */
  readonly unitPx: number
  /** Width of the whole wall, in layout pixels. */
  readonly width: number
  readonly height: number
}

const ultraFrom = 2700
const tallFrom = 1150

/**
 * One layout pixel is one pixel of 1920 × 1080 in either orientation: the type size stays the same, only the room
 * differs.
 */
export function wallLayout(widthPx: number, heightPx: number): WallLayout {
  const unitPx = Math.min(Math.max(widthPx, heightPx) / 1920, Math.min(widthPx, heightPx) / 1080)
  const width = widthPx / unitPx
  const height = heightPx / unitPx
  return { kind: kindOf(width, height), unitPx, width, height }
}

function kindOf(width: number, height: number): LayoutKind {
  if (height > width) return 'portrait'
  if (width >= ultraFrom) return 'ultra'
  return height >= tallFrom ? 'tall' : 'wide'
}
