/** The wall of a site, in the language of the page that leads there. */
export function wallPath(site: string, language: string): string {
  return `/wall?${new URLSearchParams({ site, lang: language }).toString()}`
}
