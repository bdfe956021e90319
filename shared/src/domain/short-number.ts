/**
 * Returns the part of an order's number that is displayed for the whole. It is always a substring of the number, so
 * that searching for it finds the order. Undefined: the number has no such part.
 */
export type Shortening = (order: string) => string | undefined

/** Parts separated by anything other than letters and digits: `SO`, `2026`, `00042` of `SO-2026-00042`. */
const part = /[\p{L}\p{M}\p{N}]+/gu
/** The same for ASCII numbers, which nearly all are: several times as fast. */
const plainPart = /[0-9A-Za-z]+/g
const isPlain = /^[ -~]*$/
const maxPartLength = 8
const maxPairLength = 12

/**
 * Ways to shorten a number, in order of preference: a site uses the first one whose results are unique for all its
 * orders. Short parts at the end come first, because people refer to orders by these.
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

/** A part by its index; negative indexes count from the end. */
function partOf(order: string, index: number): string | undefined {
  return order.match(isPlain.test(order) ? plainPart : part)?.at(index)
}

/** The text from the first to the last of some parts, including separators. */
function partsOf(order: string, from: number, to: number | undefined): string {
  const parts = [...order.matchAll(part)].slice(from, to)
  const first = parts[0]
  const last = parts.at(-1)
  return first === undefined || last === undefined ? order : order.slice(first.index, last.index + last[0].length)
}

/** The last characters, without splitting any of them. */
function tailOf(text: string, length: number): string {
  if (text.length <= length) return text
  return /[\ud800-\udfff]/.test(text) ? Array.from(text).slice(-length).join('') : text.slice(-length)
}

/**
 * The longest common prefix and suffix of all numbers of a site, and the orders that prevent them from being longer.
 */
export interface SharedEnds {
  readonly prefix: string
  readonly suffix: string
  readonly witnesses: readonly string[]
}

const minLength = 4
/** A part is kept whole if at most this many of its characters would be cut. */
const maxRestored = 6

/** Removing the shared ends from the numbers keeps them distinct. */
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

/** Shortens both ends, so that no short part is cut and the shortest number does not become empty. */
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
