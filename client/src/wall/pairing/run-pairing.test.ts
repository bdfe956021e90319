import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { runPairing } from './run-pairing.ts'

const minuteMs = 60_000

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }))
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('a screen that nobody pairs keeps one listener and one timer, however often it has asked', async () => {
  let questions = 0
  vi.stubGlobal('fetch', (path: string) => {
    questions += 1
    const started = {
      deviceCode: 'd'.repeat(30),
      userCode: 'BCDF-GHJK',
      verificationUrl: 'http://wall/pair',
      verificationUrlComplete: 'http://wall/pair?code=BCDF-GHJK',
      expiresInS: 600,
      intervalS: 5,
    }
    const pending = { code: 'authorization_pending', message: 'nobody has', requestId: 'r' }
    const answer = path.endsWith('/token') ? Response.json(pending, { status: 400 }) : Response.json(started)
    return Promise.resolve(answer)
  })
  const ending = new AbortController()
  const listeners = new Set<unknown>()
  const { signal } = ending
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
  signal.addEventListener = ((type: string, listener: () => void) => {
    listeners.add(listener)
    add(type, listener)
  }) as typeof signal.addEventListener
  signal.removeEventListener = ((type: string, listener: () => void) => {
    listeners.delete(listener)
    remove(type, listener)
  }) as typeof signal.removeEventListener

  const pairing = runPairing(() => undefined, signal)
  await vi.advanceTimersByTimeAsync(60 * minuteMs)
  expect(questions).toBeGreaterThan(500)
  expect(listeners.size).toBeLessThanOrEqual(1)
  expect(vi.getTimerCount()).toBeLessThanOrEqual(1)
  ending.abort()
  expect(await pairing).toBeUndefined()
  expect(listeners.size).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
})
