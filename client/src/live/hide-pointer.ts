const idleMs = 4_000

/**
 * Hides the pointer of a paired wall after it has not moved for a while. On an unpaired page, such as on a laptop, it
 * stays visible: without a pointer and without any button, the page would look frozen.
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
