/**
 * JSON escapes with a different meaning in PostgreSQL, where a backslash only makes the next character literal. They are
 * rare; quotes and backslashes, of which the text of a document has thousands, are skipped.
 */
const foreignEscape = /(?<!\\)((?:\\\\)*)(\\(?:u[0-9a-f]{4}|[^"\\]))/g

/**
 * Formats an array in PostgreSQL's syntax. It differs from JSON only in the brackets and a few escapes, and JSON is
 * written many times faster than the drivers format arrays item by item, which took an eighth of the time of an
 * ingested event.
 * @param values Text, numbers, booleans or null.
 */
export function arrayText(values: readonly unknown[]): string {
  const items = JSON.stringify(values).slice(1, -1)
  return `{${items.includes('\\') ? items.replace(foreignEscape, plain) : items}}`
}

function plain(_: string, backslashes: string, escape: string): string {
  return `${backslashes}${String(JSON.parse(`"${escape}"`))}`
}

const items = /"((?:[^"\\]|\\.)*)"|([^,{}]+)/gs

/** Parses a one-dimensional array in PostgreSQL's syntax. */
export function parseArrayText<T>(text: string, parse: (item: string) => T): (T | null)[] {
  return Array.from(text.matchAll(items), ([, quoted, unquoted]) => {
    if (quoted !== undefined) return parse(quoted.replaceAll(/\\(.)/gs, '$1'))
    return unquoted === undefined || /^null$/i.test(unquoted) ? null : parse(unquoted)
  })
}
