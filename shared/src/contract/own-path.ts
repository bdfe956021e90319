/** Browsers drop tabs and line breaks from an address, and take a backslash for a slash. */
const plainPath = /^\/[\x21-\x5b\x5d-\x7e]*$/

/** Slashes and control characters in disguise: something on the way may decode them once more. */
const encodedSeparator = /%(?:[01][0-9a-f]|2f|5c|7f)/i

/**
 * A path of this server as a browser will read it, whatever a link or a request says; undefined: it leads elsewhere.
 * Dots in a path are resolved before it is judged, because `/.//host` is read as `//host`.
 */
export function ownPath(text: string): string | undefined {
  const here = 'http://here.invalid'
  if (!plainPath.test(text) || !URL.canParse(text, here)) return undefined
  const { origin, pathname, search, hash } = new URL(text, here)
  if (origin !== here || pathname.startsWith('//') || encodedSeparator.test(pathname)) return undefined
  return `${pathname}${search}${hash}`
}
