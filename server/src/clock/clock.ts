/** The only place that time comes from; tests run on a virtual one. Instants are epoch ms. */
export interface Clock {
  now(): number
  /** Calls back once, when `now()` has reached the instant; returns how to cancel it. */
  at(instant: number, callback: () => void): () => void
}

/**
 * While the machine sleeps timers stand still, and the clock may be set while they run: after so long it is looked at
 * again.
 */
const longestTimerMs = 60_000

export const systemClock: Clock = {
  now: () => Date.now(),
  at(instant, callback) {
    let timer: NodeJS.Timeout
    // A timer may fire a millisecond early by the wall clock, hence the second look.
    const arm = (): void => {
      const leftMs = instant - Date.now()
      timer = setTimeout(
        () => {
          if (Date.now() >= instant) callback()
          else arm()
        },
        Math.min(Math.max(0, leftMs), longestTimerMs),
      )
    }
    arm()
    return () => clearTimeout(timer)
  },
}
