import { z } from 'zod'

/** A text, undefined when it is missing or given several times. */
export const textParam = z.string().optional().catch(undefined)

/** A filter that may be given several times: `?stage=packing&stage=testing`. Undefined: it is not given. */
export const listParam = z
  .union([z.string().transform((value) => [value]), z.array(z.string())])
  .optional()
  .catch(undefined)

type SearchParams = Readonly<Record<string, unknown>>

/** Plain `key=value`, as the server and the other pages write it; what is given several times is an array. */
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

/** An address of the API: without its question mark. */
export function apiSearch(params: SearchParams): string {
  return stringifySearch(params).slice(1)
}
