import { vi } from 'vitest'

/**
 * Far beyond what anything takes on a busy machine: transactions of other test files on the same PostgreSQL hold back
 * what a server instance reads of the log, and two files run at a time. Only what never comes about runs into it.
 */
const eventuallyMs = 20_000

/**
 * What `condition` returns as soon as it no longer throws. How soon is never what a test is about.
 * @param intervalMs longer for what takes seconds: each look takes from it.
 */
export function eventually<T>(condition: () => T | Promise<T>, intervalMs = 20): Promise<T> {
  return vi.waitFor(condition, { timeout: eventuallyMs, interval: intervalMs })
}
