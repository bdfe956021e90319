import { pageSessionStorage } from './page-storage.ts'

let asking = false

/**
 * Whether the server can serve this page now, including every script and stylesheet that it starts with. A page that
 * reloads while the server is down leaves a white screen with nobody there to reload it.
 */
export async function pageIsServed(): Promise<boolean> {
  try {
    const answer = await fetch(location.pathname + location.search, { cache: 'no-store' })
    if (!answer.ok) return false
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const addresses = Array.from(page.querySelectorAll('script[src], link[rel=stylesheet], link[rel=modulepreload]'))
      .map((part) => part.getAttribute('src') ?? part.getAttribute('href'))
      .filter((address) => address !== null)
    const parts = await Promise.all(addresses.map((address) => fetch(new URL(address, location.href))))
    return parts.length > 0 && parts.every(({ ok }) => ok)
  } catch {
    return false
  }
}

/** Reloads the page if the server can serve it now. */
export async function reloadServed(): Promise<void> {
  if (await pageIsServed()) location.reload()
}

/**
 * Reloads the page if the server can serve it now, and only once per reason: a proxy that serves an old copy must not
 * cause a reload loop. Returns false if the page is not reloaded now.
 */
export async function reloadOnce(reason: string): Promise<boolean> {
  const mark = `stagewatch.reloaded ${reason}`
  if (asking || pageSessionStorage.get(mark) !== null) return false
  asking = true
  const served = await pageIsServed()
  asking = false
  if (!served) return false
  pageSessionStorage.set(mark, new Date().toISOString())
  location.reload()
  return true
}
