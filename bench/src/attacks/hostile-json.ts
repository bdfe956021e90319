/** JSON of about so many bytes that costs more to parse or to check than it looks, by what it consists of. */
export const hostileJson = {
  'nested lists': (bytes: number) => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2),
  'nested objects': (bytes: number) => '{"a":'.repeat(bytes / 6) + '1' + '}'.repeat(bytes / 6),
  'empty lists': (bytes: number) => listOf('[]', bytes),
  'empty objects': (bytes: number) => listOf('{}', bytes),
  numbers: (bytes: number) => listOf('1', bytes),
  texts: (bytes: number) => listOf('"abcdefghij"', bytes),
  'different keys': (bytes: number) => `{${repeated(bytes / 12, (i) => `"k${i.toString(36)}":1`).join(',')}}`,
  'one text of escapes': (bytes: number) => `"${'\\u0041'.repeat(bytes / 6 - 1)}"`,
  'one long text': (bytes: number) => `"${'x'.repeat(bytes - 2)}"`,
  'brackets that are never closed': (bytes: number) => `[${'{"a":['.repeat(bytes / 6)}`,
} as const satisfies Readonly<Record<string, (bytes: number) => string>>

function listOf(item: string, bytes: number): string {
  return `[${repeated(bytes / (item.length + 1) - 2, () => item).join(',')}]`
}

export function repeated<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: Math.floor(count) }, (_, i) => make(i))
}
