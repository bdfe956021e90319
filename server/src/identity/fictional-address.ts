/** Top-level domains that nobody can register (RFC 2606). */
const reservedDomains: ReadonlySet<string> = new Set(['example', 'invalid', 'test'])

/** Whether no mail can ever reach the address, so that no real person can own it. */
export function isFictionalAddress(email: string): boolean {
  return reservedDomains.has(email.toLowerCase().split('.').at(-1) ?? '')
}
