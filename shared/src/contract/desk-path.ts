/** Paths of the server that are never pages: a missing one is reported as JSON. */
const reserved = /^\/(api|assets|docs|healthz|livez|metrics|readyz|socket\.io)(\/|$)/

/**
 * Whether an otherwise unhandled request is for a page of the desk, whose router then renders the path. Only a browser
 * that opens a page accepts HTML; scripts, images and other programs get a 404.
 * @param path Path without its query.
 * @param accept Value of the `Accept` header.
 */
export function isDeskPage(path: string, accept: string | undefined): boolean {
  return accept?.includes('text/html') === true && !reserved.test(path)
}
