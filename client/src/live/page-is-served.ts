/**
 * Whether the server would serve this page now, with every script and style that it begins with. A page that is given
 * up while the server is down leaves a white screen that nobody is there to reload.
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
