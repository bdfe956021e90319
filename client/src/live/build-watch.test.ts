import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { BuildWatch } from './build-watch.ts'

const minuteMs = 60_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Seconds at which a hundred walls load themselves anew, when all hear the same in the same moment. */
async function reloadSeconds(hear: (watch: BuildWatch) => void): Promise<number[]> {
  const seconds: number[] = []
  const begin = Date.now()
  for (let wall = 0; wall < 100; wall += 1) {
    const load = (): Promise<boolean> => {
      seconds.push(Math.floor((Date.now() - begin) / 1_000))
      return Promise.resolve(true)
    }
    const watch = new BuildWatch('wall-old.js', load)
    hear(watch)
    // With each heartbeat it hears the same again.
    hear(watch)
  }
  await vi.advanceTimersByTimeAsync(minuteMs)
  return seconds
}

it.each([
  ['build', (watch: BuildWatch) => watch.hear('wall-new.js')],
  ['protocol', (watch: BuildWatch) => watch.hearNewerProtocol(99)],
])('walls that hear of a new %s reload once each, spread over a minute', async (_name, hear) => {
  const seconds = await reloadSeconds(hear)
  expect(seconds).toHaveLength(100)
  expect(new Set(seconds).size).toBeGreaterThan(30)
  // Of a hundred, each quarter of the minute has some.
  for (const quarter of [0, 15, 30, 45]) {
    expect(seconds.some((second) => second >= quarter && second < quarter + 15)).toBe(true)
  }
})

it.each([
  ['the server in development, which names none', 'wall-old.js', 'unknown'],
  ['the build that runs', 'wall-old.js', 'wall-old.js'],
  ['a script that is no build', 'main.tsx', 'wall-new.js'],
])('nothing is reloaded for %s', async (_, own, named) => {
  const load = vi.fn<(reason: string) => Promise<boolean>>().mockResolvedValue(true)
  new BuildWatch(own, load).hear(named)
  await vi.advanceTimersByTimeAsync(2 * minuteMs)
  expect(load).not.toHaveBeenCalled()
})

it('what could not be loaded is tried again when it is heard of again', async () => {
  const load = vi.fn<(reason: string) => Promise<boolean>>().mockResolvedValueOnce(false).mockResolvedValue(true)
  const watch = new BuildWatch('wall-old.js', load)
  watch.hear('wall-new.js')
  await vi.advanceTimersByTimeAsync(minuteMs)
  watch.hear('wall-new.js')
  watch.hear('wall-old.js')
  watch.hear('unknown')
  await vi.advanceTimersByTimeAsync(minuteMs)
  expect(load.mock.calls).toEqual([['build wall-new.js'], ['build wall-new.js']])
})
