import type { TestOptions } from 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    /** What is not tested on this machine, and why; the run prints it at its end. */
    skipReason?: string
  }
}

/**
 * Options of a test or a suite that runs only if `condition` is true:
 * `describe('real logs', skipUnless(existsSync(folder), 'real logs (no folder …)'), () => …)`.
 */
export function skipUnless(condition: boolean, reason: string): TestOptions {
  return condition ? {} : { skip: true, meta: { skipReason: reason } }
}

/** `SOAK=full`, set every night: more long tests, and every combination of cases that are otherwise sampled. */
export const isNight = process.env['SOAK'] === 'full'

/**
 * Whether to test a pair from two lists of cases: at night all pairs, by day alternating, so that every second pair of
 * a row or column is tested.
 */
export function isInTurn(place: number, otherPlace: number): boolean {
  return isNight || (place + otherPlace) % 2 === 0
}

/** Long tests that do not depend on the language run in one language by day. */
export function languagesFor(day: 'zh' | 'en'): readonly ('zh' | 'en')[] {
  return isNight ? ['zh', 'en'] : [day]
}
