import { vi } from 'vitest'

/**
 * Far longer than anything takes on a busy machine: transactions of other test files on the same PostgreSQL delay
 * reading the log, and two files run at a time. Only a condition that never becomes true reaches this timeout.
 */
const eventuallyMs = 20_000

/**
 * Returns the result of `condition` as soon as it no longer throws. Tests must not depend on how long this takes.
 * @param intervalMs longer for conditions that take seconds, because each evaluation costs time.
 */
export function eventually<T>(condition: () => T | Promise<T>, intervalMs = 20): Promise<T> {
  return vi.waitFor(condition, { timeout: eventuallyMs, interval: intervalMs })
}

/** The same for conditions that take long by design, such as the expiry of a lease. */
export function eventuallyWithin<T>(ms: number, condition: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(condition, { timeout: ms, interval: 250 })
}
