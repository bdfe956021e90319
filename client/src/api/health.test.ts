import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { loadHealth } from './health.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const refusal = { code: 'not_ready', message: 'not now', requestId: '1' }

it.each([
  ['still starting', { ...refusal, details: [{ field: 'server', message: 'still starting' }] }, 'starting'],
  ['the database does not respond', { ...refusal, details: [{ field: 'database', message: 'away' }] }, 'databaseAway'],
  ['the disk is full', { ...refusal, code: 'disk_full' }, 'diskFull'],
  ['another program answers', { status: 'down' }, 'unreachable'],
] as const)('a server that is not ready says why: %s', async (_, body, health) => {
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(body, { status: 503 })))
  expect(await loadHealth(new AbortController().signal)).toBe(health)
})

it.each([401, 502])('a proxy that responds with %i finds no server', async (status) => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('<h1>Bad Gateway</h1>', { status })))
  expect(await loadHealth(new AbortController().signal)).toBe('unreachable')
})

it('a server that gives no answer within four seconds cannot be reached', async () => {
  vi.stubGlobal('fetch', (_path: string, { signal }: { signal: AbortSignal }) => {
    const { promise, reject } = Promise.withResolvers<Response>()
    signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
    return promise
  })
  const health = loadHealth(new AbortController().signal)
  await vi.advanceTimersByTimeAsync(4_000)
  expect(await health).toBe('unreachable')
})

it('leaves no listener and no timer behind', async () => {
  const asking = new AbortController()
  const removed = vi.spyOn(asking.signal, 'removeEventListener')
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('{}')))
  expect(await loadHealth(asking.signal)).toBe('ready')
  expect(removed).toHaveBeenCalledTimes(1)
  expect(vi.getTimerCount()).toBe(0)
})
