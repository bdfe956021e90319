/** How the wall shortens an order's number: `#` and its last four letters or digits. */
export function shortNumber(order: string): string {
  return `#${Array.from(order.replace(/[^\p{L}\p{N}]/gu, ''))
    .slice(-4)
    .join('')}`
}
