/**
 * How the wall shortens an order's number: `#` and its last four letters or digits. A word before a shorter number is
 * left out whole (`Case 406` is `#406`, not `#e406`).
 */
export function shortNumber(order: string): string {
  const [tail = ''] = order.match(numberAtEnd) ?? []
  return `#${Array.from(tail.replace(/[^\p{L}\p{N}]/gu, ''))
    .slice(-4)
    .join('')}`
}

/** The last word, and the groups of digits before it: `2026-00042` of `SO-2026-00042`. */
const numberAtEnd = /(?<![\p{L}\p{N}])(?:\p{N}+[^\p{L}\p{N}]+)*[\p{L}\p{N}]+(?=[^\p{L}\p{N}]*$)/u
