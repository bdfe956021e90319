/**
 * Which part of an order's number stands for the whole. Always a piece of the number as it is written, so that a search
 * for it finds the order. Undefined: the number has no such part.
 */
export type Shortening = (order: string) => string | undefined

/** Separated by anything that is no letter or digit: `SO`, `2026`, `00042` of `SO-2026-00042`. */
const part = /[\p{L}\p{M}\p{N}]+/gu
/** The same for numbers without other signs, which nearly all are: several times as fast. */
const plainPart = /[0-9A-Za-z]+/g
const isPlain = /^[ -~]*$/
const maxPartLength = 8
const maxPairLength = 12

/**
 * Ways to shorten a number, in the order in which they are tried: the first that tells all orders of a site apart is
 * the way of the site. What is short and stands at the end comes first, because that is what people call an order by.
 */
export const shortenings: readonly Shortening[] = [
  (order) => tailOf(partOf(order, -1) ?? order, 4),
  (order) => tailOf(partOf(order, -1) ?? order, 5),
  (order) => tailOf(partOf(order, -1) ?? order, 6),
  ...[-1, 0, 1, -2, 2, -3].map((index): Shortening => (order) => {
    const found = partOf(order, index)
    return found === undefined ? undefined : tailOf(found, maxPartLength)
  }),
  (order) => tailOf(partsOf(order, -2, undefined), maxPairLength),
  (order) => tailOf(partsOf(order, 0, 2), maxPairLength),
]

/** A part by its index, negative from the end. */
function partOf(order: string, index: number): string | undefined {
  return order.match(isPlain.test(order) ? plainPart : part)?.at(index)
}

/** From the first to the last of some parts, with what stands between them. */
function partsOf(order: string, from: number, to: number | undefined): string {
  const parts = [...order.matchAll(part)].slice(from, to)
  const first = parts[0]
  const last = parts.at(-1)
  return first === undefined || last === undefined ? order : order.slice(first.index, last.index + last[0].length)
}

/** The last characters, none of them cut in half. */
function tailOf(text: string, length: number): string {
  if (text.length <= length) return text
  return /[\ud800-\udfff]/.test(text) ? Array.from(text).slice(-length).join('') : text.slice(-length)
}

/** What all numbers of a site begin and end with, and the orders that keep it from being more. */
export interface SharedEnds {
  readonly prefix: string
  readonly suffix: string
  readonly witnesses: readonly string[]
}

const minLength = 4
/** A part that has only so much more is left whole. */
const maxRestored = 6

/** Numbers without what they all share differ as the whole ones do. */
export function sharedEnds(orders: Iterable<string>): SharedEnds {
  let base: string | undefined
  let [prefix, suffix, shortest] = ['', '', '']
  let witnesses: [prefix: string, suffix: string] = ['', '']
  for (const order of orders) {
    if (base === undefined) {
      base = prefix = suffix = shortest = order
      witnesses = [order, order]
      continue
    }
    if (!order.startsWith(prefix)) {
      prefix = prefix.slice(0, sharedLength(prefix, order))
      witnesses[0] = order
    }
    if (!order.endsWith(suffix)) {
      suffix = suffix.slice(suffix.length - sharedEndLength(suffix, order))
      witnesses[1] = order
    }
    if (order.length < shortest.length) shortest = order
  }
  const [before, after] = readableEnds(prefix, suffix, shortest.length)
  return { prefix: before, suffix: after, witnesses: [base ?? '', ...witnesses, shortest] }
}

/** Less of both ends: no part that is short is torn, and something is left of the shortest number. */
function readableEnds(prefix: string, suffix: string, shortest: number): [prefix: string, suffix: string] {
  const torn = /[\p{L}\p{M}\p{N}]*$/u.exec(prefix)?.[0].length ?? 0
  const tornAfter = /^[\p{L}\p{M}\p{N}]*/u.exec(suffix)?.[0].length ?? 0
  const after = tornAfter <= maxRestored ? suffix.slice(tornAfter) : suffix
  const room = Math.max(0, shortest - minLength)
  const kept = after.slice(Math.max(0, after.length - room))
  const before = torn <= maxRestored ? prefix.slice(0, prefix.length - torn) : prefix
  return [before.slice(0, Math.max(0, room - kept.length)), kept]
}

function sharedLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return length
}

function sharedEndLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && length < b.length && a[a.length - 1 - length] === b[b.length - 1 - length]) length += 1
  return length
}
