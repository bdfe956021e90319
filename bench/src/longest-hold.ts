import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'

const resolutionMs = 1

/** The longest time in ms for which the event loop was blocked during the work. */
export async function longestHold(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  await setTimeout(2 * resolutionMs)
  delay.reset()
  await work()
  // A delay is only recorded by the timer that fires after it.
  await setTimeout(2 * resolutionMs)
  delay.disable()
  return delay.max / 1e6
}
