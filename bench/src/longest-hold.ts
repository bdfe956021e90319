import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'

const resolutionMs = 1

/** The longest time for which the event loop went to nothing else while the work went on, ms. */
export async function longestHold(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  await setTimeout(2 * resolutionMs)
  delay.reset()
  await work()
  // A hold is seen by the timer that comes after it.
  await setTimeout(2 * resolutionMs)
  delay.disable()
  return delay.max / 1e6
}
