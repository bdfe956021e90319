/** Addresses of the server that are never pages: what is missing there is told in JSON. */
const reserved = /^\/(api|assets|docs|healthz|livez|metrics|readyz|socket\.io)(\/|$)/

/**
 * Whether a request that nothing else answers is for a page of the desk, whose router then shows what belongs to the
 * address. Only a browser that opens a page accepts HTML; scripts, pictures and other programs get a 404.
 * @param path without its query.
 * @param accept as the header has it.
 */
export function isDeskPage(path: string, accept: string | undefined): boolean {
  return accept?.includes('text/html') === true && !reserved.test(path)
}
