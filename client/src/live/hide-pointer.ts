const idleMs = 4_000

/**
 * Hides the pointer of a page that hangs on a wall once nobody has moved it for a while. On a page that somebody has
 * opened on a laptop it stays: without it, and without a button to press, the page looks frozen.
 */
export function hidePointer(page: HTMLElement, isPaired: boolean): void {
  const isKiosk = isPaired || matchMedia('(display-mode: fullscreen)').matches
  if (!isKiosk) return
  let timer: ReturnType<typeof setTimeout> | undefined
  const wait = (): void => {
    delete page.dataset['pointer']
    clearTimeout(timer)
    timer = setTimeout(() => (page.dataset['pointer'] = 'hidden'), idleMs)
  }
  addEventListener('pointermove', wait)
  wait()
}
