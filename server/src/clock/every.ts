import type { Clock } from './clock.ts'

/**
 * Calls `work` again and again, the next time when it is done and the instant has come; a failure is reported and
 * does not end it. Returns how to stop; it resolves when no call runs any more.
 * @param next the instant of the next call, after `now`.
 */
export function every(
  clock: Clock,
  next: (now: number) => number,
  work: () => void | Promise<void>,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let stopped = false
  let running: Promise<void> | undefined
  let cancel = arm()

  function arm(): () => void {
    return clock.at(next(clock.now()), () => {
      running = once().finally(() => {
        running = undefined
        if (!stopped) cancel = arm()
      })
    })
  }

  async function once(): Promise<void> {
    try {
      await work()
    } catch (error) {
      onError(error)
    }
  }

  return async () => {
    stopped = true
    cancel()
    await running
  }
}
