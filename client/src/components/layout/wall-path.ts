/** Path of a site's wall, in the language of the linking page. */
export function wallPath(site: string, language: string): string {
  return `/wall?${new URLSearchParams({ site, lang: language }).toString()}`
}

/** Path of a site's phone page. */
export function scanPath(site: string): string {
  return `/scan?site=${encodeURIComponent(site)}`
}
