import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VirtualClock } from '../clock/virtual-clock.ts'
import { Attempts } from './attempts.ts'
import type { AttemptRule } from './attempts.ts'

const clock = new VirtualClock(Date.UTC(2026, 10, 25, 8))
let database: Database
let attempts: Attempts

beforeAll(async () => {
  database = await openTestDatabase()
  attempts = new Attempts(database, clock)
})
afterAll(() => database.close())

const delay: AttemptRule = {
  name: 'test',
  kind: 'delay',
  free: 3,
  delayMs: 30_000,
  maxDelayMs: 100_000,
  forgetMs: 3_600_000,
}
const window: AttemptRule = { name: 'window', kind: 'window', most: 3, windowMs: 60_000 }
const waitS = (who: string, rule: AttemptRule = delay) =>
  attempts.take(rule, who).then(
    () => 0,
    (error: { retryAfterS: number }) => error.retryAfterS,
  )
const after = (ms: number) => clock.advanceTo(clock.now() + ms)

describe('attempts', () => {
  it('wait longer each time after those that are free, up to a limit', async () => {
    const waits = []
    for (let i = 0; i < 3; i++) waits.push(await waitS('guesser'))
    for (let i = 0; i < 4; i++) {
      const wait = await waitS('guesser')
      waits.push(wait)
      after(wait * 1_000 - 1)
      expect(await waitS('guesser')).toBe(1)
      after(1)
      expect(await waitS('guesser')).toBe(0)
    }
    expect(waits).toEqual([0, 0, 0, 30, 60, 100, 100])
  })

  it('are counted by another server instance as well, and for nobody else', async () => {
    const other = new Attempts(database, clock)
    for (let i = 0; i < 3; i++) await other.take(delay, 'roaming')
    expect(await waitS('roaming')).toBe(30)
    expect(await waitS('bystander')).toBe(0)
  })

  it('are no more when they come all at once', async () => {
    const waits = await Promise.all(Array.from({ length: 12 }, () => waitS('burst')))
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3)
  })

  it.each([delay, window])(
    'that are free are not blocked by one of a server whose clock is ahead: %o',
    async (rule) => {
      const behind = new Attempts(database, new VirtualClock(clock.now() - 5))
      await attempts.take(rule, 'twice at once')
      await behind.take(rule, 'twice at once')
      await attempts.take(rule, 'twice at once')
      await expect(attempts.take(rule, 'twice at once')).rejects.toMatchObject({ code: 'rate_limited' })
    },
  )

  it('are forgotten after a success, and by time', async () => {
    for (let i = 0; i < 3; i++) await waitS('forgetful')
    await attempts.forget(delay, 'forgetful')
    expect(await waitS('forgetful')).toBe(0)
    for (let i = 0; i < 2; i++) await waitS('forgetful')
    after(3_600_000)
    expect(await waitS('forgetful')).toBe(0)
    expect(await waitS('forgetful')).toBe(0)
  })

  it('within a window wait for its end', async () => {
    for (let i = 0; i < 3; i++) {
      expect(await waitS('asker', window)).toBe(0)
      after(10_000)
    }
    expect(await waitS('asker', window)).toBe(30)
    after(30_000)
    expect(await waitS('asker', window)).toBe(0)
  })

  it('wait no longer because a clock was set back', async () => {
    const late = new VirtualClock(clock.now() + 30 * 24 * 3_600_000)
    const ahead = new Attempts(database, late)
    for (let i = 0; i < 3; i++) await ahead.take(delay, 'set back')
    expect(await waitS('set back')).toBe(0)
    await database.query('delete from attempts')
  })

  it('leave nothing behind once they are forgotten, and tell of nobody while they are kept', async () => {
    await attempts.remember('known', 'bob@example.com 203.0.113.9', 1_000)
    expect(await attempts.isCached('known', 'bob@example.com 203.0.113.9')).toBe(true)
    expect(JSON.stringify(await database.query('select * from attempts'))).not.toMatch(/bob@|203\.0/)
    after(24 * 3_600_000)
    expect(await attempts.isCached('known', 'bob@example.com 203.0.113.9')).toBe(false)
    await attempts.deleteExpired()
    expect(await database.query('select from attempts')).toEqual([])
  })
})
