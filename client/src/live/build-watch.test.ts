import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { BuildWatch } from './build-watch.ts'

const minuteMs = 60_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Seconds at which a hundred walls reload after receiving the same message at the same time. */
async function reloadSeconds(receive: (watch: BuildWatch) => void): Promise<number[]> {
  const seconds: number[] = []
  const begin = Date.now()
  for (let wall = 0; wall < 100; wall += 1) {
    const load = (): Promise<boolean> => {
      seconds.push(Math.floor((Date.now() - begin) / 1_000))
      return Promise.resolve(true)
    }
    const watch = new BuildWatch('wall-old.js', load)
    receive(watch)
    // Each heartbeat repeats the same message.
    receive(watch)
  }
  await vi.advanceTimersByTimeAsync(minuteMs)
  return seconds
}

it.each([
  ['build', (watch: BuildWatch) => watch.noteBuild('wall-new.js')],
  ['protocol', (watch: BuildWatch) => watch.noteProtocol(99)],
])('walls that receive a new %s reload once each, spread over a minute', async (_name, receive) => {
  const seconds = await reloadSeconds(receive)
  expect(seconds).toHaveLength(100)
  expect(new Set(seconds).size).toBeGreaterThan(30)
  // Each quarter of the minute has some of the hundred reloads.
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
  new BuildWatch(own, load).noteBuild(named)
  await vi.advanceTimersByTimeAsync(2 * minuteMs)
  expect(load).not.toHaveBeenCalled()
})

it('what could not be loaded is tried again when the server reports it again', async () => {
  const load = vi.fn<(reason: string) => Promise<boolean>>().mockResolvedValueOnce(false).mockResolvedValue(true)
  const watch = new BuildWatch('wall-old.js', load)
  watch.noteBuild('wall-new.js')
  await vi.advanceTimersByTimeAsync(minuteMs)
  watch.noteBuild('wall-new.js')
  watch.noteBuild('wall-old.js')
  watch.noteBuild('unknown')
  await vi.advanceTimersByTimeAsync(minuteMs)
  expect(load.mock.calls).toEqual([['build wall-new.js'], ['build wall-new.js']])
})
