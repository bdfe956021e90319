import { expect, it, vi } from 'vitest'
import { lastAnswerAt, noteServerTime, serverTime } from './server-time.ts'

const told = Date.UTC(2026, 10, 25, 8, 30)
const answer = (headers: Record<string, string>) => new Response(null, { headers })

it('an age is computed by the clock of the server, whatever the clock of the device shows', () => {
  const wrong = told + 7 * 3_600_000
  noteServerTime(answer({ date: new Date(told).toUTCString() }), wrong)
  expect(Math.abs(serverTime(wrong + 60_000) - (told + 60_000))).toBeLessThanOrEqual(500)
})

it('an answer of a cache, without a time or with none that can be read changes nothing', () => {
  noteServerTime(answer({ date: new Date(told).toUTCString() }), told)
  const before = serverTime(0)
  noteServerTime(answer({ date: new Date(told - 3_600_000).toUTCString(), age: '3600' }), told)
  noteServerTime(answer({}), told)
  noteServerTime(answer({ date: 'yesterday' }), told)
  expect(serverTime(0)).toBe(before)
})

it('the clock of the device is used until the first response', async () => {
  vi.resetModules()
  const unheard = await import('./server-time.ts')
  expect(unheard.serverTime(told)).toBe(told)
})

it('the server has responded for the last time before the errors of a proxy', () => {
  noteServerTime(answer({ date: new Date(told).toUTCString() }), told)
  const before = lastAnswerAt()
  noteServerTime(
    new Response(null, { status: 502, headers: { date: new Date(told + 90_000).toUTCString() } }),
    told + 90_000,
  )
  expect(lastAnswerAt()).toBe(before)
})
