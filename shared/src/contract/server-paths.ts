/** Browsers remove tabs and line breaks from a URL, and treat a backslash like a slash. */
const plainPath = /^\/[\x21-\x5b\x5d-\x7e]*$/

/** Percent-encoded slashes and control characters, which an intermediary may decode. */
const encodedSeparator = /%(?:[01][0-9a-f]|2f|5c|7f)/i

/**
 * Returns a path of this server as a browser will interpret it, or undefined if it leads to another host. Dot segments
 * are resolved before the check, because `/.//host` is read as `//host`.
 */
export function ownPath(text: string): string | undefined {
  const here = 'http://here.invalid'
  if (!plainPath.test(text) || !URL.canParse(text, here)) return undefined
  const { origin, pathname, search, hash } = new URL(text, here)
  if (origin !== here || pathname.startsWith('//') || encodedSeparator.test(pathname)) return undefined
  return `${pathname}${search}${hash}`
}

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
