import { afterEach, beforeEach, expect, it, vi } from 'vitest'

/** Like a browser: at most six open contexts, and no sound before a user gesture unless allowed. */
class FakeAudioContext {
  static open = 0
  static started = 0
  static mayPlay: Promise<void> = Promise.resolve()
  readonly currentTime = 0
  readonly destination = {}

  constructor() {
    FakeAudioContext.open += 1
    if (FakeAudioContext.open > 6) throw new DOMException('too many', 'NotSupportedError')
  }

  resume(): Promise<void> {
    return FakeAudioContext.mayPlay
  }

  createOscillator() {
    const node = { frequency: { value: 0 }, connect: (next: unknown) => next, addEventListener() {}, stop() {} }
    return { ...node, start: () => (FakeAudioContext.started += 1) }
  }

  createGain() {
    const gain = { setValueAtTime() {}, exponentialRampToValueAtTime() {} }
    return { gain, connect: (next: unknown) => next, disconnect() {} }
  }
}

beforeEach(() => {
  FakeAudioContext.open = 0
  FakeAudioContext.started = 0
  FakeAudioContext.mayPlay = Promise.resolve()
  vi.resetModules()
  vi.stubGlobal('AudioContext', FakeAudioContext)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('a hundred chimes sound through one context', async () => {
  const { chime } = await import('./chime.ts')
  for (let count = 0; count < 100; count += 1) await chime()
  expect(FakeAudioContext.open).toBe(1)
  expect(FakeAudioContext.started).toBe(100)
})

it('chimes that may not sound are not made up for when somebody touches the screen', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const touch = Promise.withResolvers<void>()
  FakeAudioContext.mayPlay = touch.promise
  const { chime } = await import('./chime.ts')
  const chimes = [chime(), chime(), chime()]
  vi.advanceTimersByTime(3_600_000)
  touch.resolve()
  await Promise.all(chimes)
  expect(FakeAudioContext.open).toBe(1)
  expect(FakeAudioContext.started).toBe(0)
  await chime()
  expect(FakeAudioContext.started).toBe(1)
})

it('a device without sound breaks nothing', async () => {
  vi.stubGlobal('AudioContext', undefined)
  const { chime } = await import('./chime.ts')
  await expect(chime()).resolves.toBeUndefined()
})
