/** The wall of a site, in the language of the page that leads there. */
export function wallPath(site: string, language: string): string {
  return `/wall?${new URLSearchParams({ site, lang: language }).toString()}`
}

/** Of the page for phones, for a site. */
export function scanPath(site: string): string {
  return `/scan?site=${encodeURIComponent(site)}`
}
