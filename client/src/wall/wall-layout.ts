/**
 * `wide`: 16:9 and what is near. `tall`: 16:10 to square, more rows. `ultra`: from 2.5:1 on, panels beside each other.
 * `portrait`: panels below each other.
 */
export type LayoutKind = 'wide' | 'tall' | 'ultra' | 'portrait'

export interface WallLayout {
  readonly kind: LayoutKind
  /** Screen pixels of one layout pixel. */
  readonly unitPx: number
  /** Of the whole wall, in layout pixels. */
  readonly width: number
  readonly height: number
}

const ultraFrom = 2700
const tallFrom = 1150

/** A layout pixel is one of 1920 × 1080, whichever way the panel hangs: type keeps its size, the room differs. */
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
