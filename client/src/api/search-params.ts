import { z } from 'zod'

/** A text. Undefined when it is missing or repeated. */
export const textParam = z.string().optional().catch(undefined)

/** A filter that may be repeated: `?stage=packing&stage=testing`. Undefined when it is missing. */
export const listParam = z
  .union([z.string().transform((value) => [value]), z.array(z.string())])
  .optional()
  .catch(undefined)

type SearchParams = Readonly<Record<string, unknown>>

/** Parses plain `key=value` pairs, the format of the server and the other pages; repeated keys become an array. */
export function parseSearch(text: string): Record<string, string | string[]> {
  const params = new URLSearchParams(text)
  const names = [...new Set(params.keys())]
  return Object.fromEntries(
    names.map((name) => {
      const values = params.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}

export function stringifySearch(search: SearchParams): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value]
    for (const each of values) {
      if (typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean')
        params.append(name, String(each))
    }
  }
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}

/** The query string for an API URL, without the question mark. */
export function apiSearch(params: SearchParams): string {
  return stringifySearch(params).slice(1)
}
