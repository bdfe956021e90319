/** Parts of the English texts of commands, import reports and checks. */

const shownLength = 60

/** `1 row`, `2 rows`. @param many by default with an s. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** `line 3`, `lines 3, 5`, `lines 3, 5, 7, 8, 9 …`. */
export function linesText(lines: readonly number[], count: number): string {
  return `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}${count > lines.length ? ' …' : ''}`
}

/** A text of the file for use in a message: control characters are escaped, long texts truncated. */
export function shownText(text: string): string {
  const cut = text.length > shownLength ? `${text.slice(0, shownLength).toWellFormed()}…` : text
  return cut.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0
    return `\\u{${code.toString(16)}}`
  })
}
