import type { Clock } from './clock.ts'

type Work = () => void | Promise<void>

/**
 * Calls `work` again and again, each time so long after the last call has ended; a failure is reported and does not
 * end it. The wall clock may be set meanwhile. Returns how to stop; it resolves when no call runs any more.
 */
export function every(
  clock: Clock,
  pauseMs: number,
  work: Work,
  onError: (error: unknown) => void,
): () => Promise<void> {
  return repeat((due) => clock.after(pauseMs, due), work, onError)
}

/**
 * The same at instants of the wall clock. One that the clock was set over is not made up for.
 * @param next the first instant after `now`.
 */
export function everyAt(
  clock: Clock,
  next: (now: number) => number,
  work: Work,
  onError: (error: unknown) => void,
): () => Promise<void> {
  const arm = (due: () => void): (() => void) => {
    let cancel = clock.at(next(clock.now()), due)
    const unlisten = clock.onStep(({ at }) => {
      cancel()
      cancel = clock.at(next(at), due)
    })
    return () => {
      cancel()
      unlisten()
    }
  }
  return repeat(arm, work, onError)
}

/** @param arm waits for the next call; returns how to cancel that. */
function repeat(
  arm: (due: () => void) => () => void,
  work: Work,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let stopped = false
  let running: Promise<void> | undefined
  let cancel = arm(begin)

  function begin(): void {
    cancel()
    running = once().finally(() => {
      running = undefined
      if (!stopped) cancel = arm(begin)
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
