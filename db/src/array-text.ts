/** An array as PostgreSQL writes it. */
export function arrayText(values: readonly unknown[]): string {
  return `{${values.map(itemText).join(',')}}`
}

function itemText(value: unknown): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') throw new TypeError('an array parameter holds texts, numbers, booleans and null only')
  return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}

const items = /"((?:[^"\\]|\\.)*)"|([^,{}]+)/gs

/** The items of an array of one dimension as PostgreSQL writes it. */
export function parseArrayText<T>(text: string, parse: (item: string) => T): (T | null)[] {
  return Array.from(text.matchAll(items), ([, quoted, plain]) => {
    if (quoted !== undefined) return parse(quoted.replaceAll(/\\(.)/gs, '$1'))
    return plain === undefined || plain === 'NULL' ? null : parse(plain)
  })
}
