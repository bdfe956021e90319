/** The only place that time comes from; tests run on a virtual one. Instants are epoch ms. */
export interface Clock {
  now(): number
  /** Calls back once, when `now()` has reached the instant; returns how to cancel it. */
  at(instant: number, callback: () => void): () => void
}

/** setTimeout fires at once for anything longer than this. */
const longestTimerMs = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  at(instant, callback) {
    let timer: NodeJS.Timeout
    // A timer may fire a millisecond early by the wall clock and is cut at the longest one, hence the second look.
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
