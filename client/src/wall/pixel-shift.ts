const reachPx = 6
const stepEveryMs = 60_000

/**
 * Offset of the picture at a step, to prevent burn-in: one pixel per step back and forth, and one pixel down or up
 * after each round.
 */
export function pixelShift(step: number): { x: number; y: number } {
  const round = 4 * reachPx
  return { x: triangle(step % round), y: triangle(Math.floor(step / round) % round) }
}

export function shiftPixels(element: HTMLElement): void {
  let step = 0
  setInterval(() => {
    const { x, y } = pixelShift(++step)
    element.style.setProperty('--shift-x', `${x}px`)
    element.style.setProperty('--shift-y', `${y}px`)
  }, stepEveryMs)
}

function triangle(phase: number): number {
  if (phase <= reachPx) return phase
  return phase <= 3 * reachPx ? 2 * reachPx - phase : phase - 4 * reachPx
}
