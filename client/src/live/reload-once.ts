/** Fetches the page anew, but only once for the same reason: an old copy in between must not make it a loop. */
export function reloadOnce(reason: string): void {
  const mark = `stagewatch.reloaded ${reason}`
  if (sessionStorage.getItem(mark) !== null) return
  sessionStorage.setItem(mark, new Date().toISOString())
  location.reload()
}
