import type { Clock } from './clock.ts'

type Work = () => void | Promise<void>

/**
 * Calls `work` repeatedly, each time `pauseMs` after the last call has ended. A failure is reported and does not stop
 * the loop. Steps of the wall clock have no effect. Returns a function that stops the loop and resolves when no call is
 * running any more.
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
 * Like `every`, but at instants of the wall clock. An instant that a step of the clock skips is not made up for.
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

/** @param arm schedules the next call; returns a function that cancels it. */
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
