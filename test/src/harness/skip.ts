import type { TestOptions } from 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    /** What is not tested on this machine and why; the run says it in its closing lines. */
    skipReason?: string
  }
}

/**
 * Options of a test or a suite that runs only where `condition` holds:
 * `describe('real logs', skipUnless(existsSync(folder), 'real logs (no folder …)'), () => …)`.
 */
export function skipUnless(condition: boolean, reason: string): TestOptions {
  return condition ? {} : { skip: true, meta: { skipReason: reason } }
}

/** `SOAK=full`, as every night: more of what takes long, and every combination of what is otherwise tried in part. */
export const isNight = process.env['SOAK'] === 'full'
