import { pageIsServed } from './page-is-served.ts'

let asking = false

/**
 * Loads the page anew as soon as the server would serve it, but only once for the same reason: an old copy in between
 * must not make it a loop. False: not now.
 */
export async function reloadOnce(reason: string): Promise<boolean> {
  const mark = `stagewatch.reloaded ${reason}`
  if (asking || sessionStorage.getItem(mark) !== null) return false
  asking = true
  const served = await pageIsServed()
  asking = false
  if (!served) return false
  sessionStorage.setItem(mark, new Date().toISOString())
  location.reload()
  return true
}
