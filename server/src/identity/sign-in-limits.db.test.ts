import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../platform/app-error.ts'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { Attempts } from '../platform/rate-limits/attempts.ts'
import { SignInLimits } from './sign-in-limits.ts'

const start = Date.UTC(2026, 10, 24, 8)
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
let database: Database
let clock: VirtualClock
let limits: SignInLimits

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.query('delete from attempts')
  clock = new VirtualClock(start)
  limits = new SignInLimits(new Attempts(database, clock))
})

const after = (ms: number) => clock.advanceTo(clock.now() + ms)
const failed = (isRight: boolean) => !isRight
/** Seconds to wait if the attempt was refused, or else its result. */
const outcomeOf = <T>(attempt: Promise<T>) => attempt.catch((error: AppError) => error.retryAfterS ?? error.code)
const signIn = (isRight: boolean, account: string, address: string, device?: string) =>
  outcomeOf(limits.signIn({ account, address, device }, () => Promise.resolve(isRight), failed))

async function times<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let i = 0; i < count; i++) results.push(await work(i))
  return results
}
const all = <T>(count: number, value: T) => Array.from({ length: count }, () => value)

describe('signing in', () => {
  const fail = () => signIn(false, 'ada', '203.0.113.5')

  it('is tried five times, then after delays that double up to a quarter of an hour, and afresh after a day', async () => {
    expect(await times(5, fail)).toEqual(all(5, false))
    for (const seconds of [30, 60, 120, 240, 480, 900, 900]) {
      expect(await fail()).toBe(seconds)
      after(seconds * 1_000)
      expect(await fail()).toBe(false)
    }
    after(dayMs - 1)
    expect([await fail(), await fail()]).toEqual([false, 900])
    after(dayMs)
    expect(await times(6, fail)).toEqual([...all(5, false), 30])
  })

  it('is counted for each account, each network and each device by itself, and afresh after a success', async () => {
    expect(await times(5, fail)).toEqual(all(5, false))
    expect(await signIn(false, 'bob', '203.0.113.5')).toBe(false)
    expect(await signIn(false, 'ada', '203.0.113.6')).toBe(false)
    expect(await signIn(false, 'ada', '203.0.113.5', 'phone')).toBe(false)
    expect(await times(4, () => signIn(false, 'ada', '203.0.113.5', 'desk'))).toEqual(all(4, false))
    expect(await signIn(true, 'ada', '203.0.113.5', 'desk')).toBe(true)
    expect(await times(6, () => signIn(false, 'ada', '203.0.113.5', 'desk'))).toEqual([...all(5, false), 30])
  })

  it('to one account is tried a hundred times in an hour from everywhere together, except where it is known', async () => {
    expect(await signIn(true, 'ada', '198.51.100.1')).toBe(true)
    const fromElsewhere = (i: number) => signIn(false, 'ada', `203.0.113.${i}`)
    expect(await times(100, fromElsewhere)).toEqual(all(100, false))
    expect(await fromElsewhere(101)).toBe(30)
    expect(await signIn(true, 'bob', '203.0.113.101')).toBe(true)
    expect(await signIn(true, 'ada', '203.0.113.101', 'phone')).toBe(true)
    expect(await signIn(true, 'ada', '198.51.100.1')).toBe(true)
    // The delay of the owner somewhere else stays short.
    for (const seconds of [30, 60, 60]) {
      expect(await fromElsewhere(102)).toBe(seconds)
      after(seconds * 1_000)
      expect(await fromElsewhere(102)).toBe(false)
    }
    after(hourMs)
    expect(await fromElsewhere(103)).toBe(false)
    expect(await fromElsewhere(104)).toBe(false)
  })

  it('from one address is tried fifty times in an hour for all accounts together', async () => {
    const toAnother = (i: number) => signIn(false, `person-${i}`, '203.0.113.5')
    expect(await times(50, toAnother)).toEqual(all(50, false))
    expect(await toAnother(51)).toBe(30)
    expect(await signIn(false, 'person-51', '203.0.113.6')).toBe(false)
    after(hourMs)
    expect([await toAnother(51), await toAnother(52)]).toEqual([false, false])
  })

  it('has been possible from an address for ninety days', async () => {
    expect(await signIn(true, 'ada', '203.0.113.5')).toBe(true)
    after(90 * dayMs - 1)
    await times(50, (i) => signIn(false, `person-${i}`, '203.0.113.5'))
    expect(await fail()).toBe(false)
    after(1)
    expect(await fail()).toBe(30)
  })
})

describe('other attempts', () => {
  it('to prove who one is are ten, then after delays, and afresh after a success or an hour', async () => {
    const prove = (isRight: boolean, who = 'ada') =>
      outcomeOf(limits.prove(who, () => Promise.resolve(isRight), failed))
    const wrong = () => prove(false)
    expect(await times(11, wrong)).toEqual([...all(10, false), 30])
    expect(await prove(true, 'bob')).toBe(true)
    after(30_000)
    expect(await prove(true)).toBe(true)
    expect(await times(11, wrong)).toEqual([...all(10, false), 30])
    after(hourMs)
    expect(await times(11, wrong)).toEqual([...all(10, false), 30])
  })

  it('with links from one address are fifty wrong ones in an hour, and any number of right ones', async () => {
    const follow = (attempt: () => Promise<string>, from = '203.0.113.5') => outcomeOf(limits.byLink(from, attempt))
    const right = () => Promise.resolve('in')
    const wrong = () => Promise.reject(new AppError('not_found', 'there is no such link'))
    // A mistake of the server is nobody's guess.
    const broken = () => Promise.reject(new TypeError('a bug'))
    for (let i = 0; i < 51; i++) await expect(limits.byLink('203.0.113.5', broken)).rejects.toThrow('a bug')
    expect(await times(51, () => follow(wrong))).toEqual([...all(50, 'not_found'), 30])
    expect([await follow(right), await follow(wrong, '203.0.113.6')]).toEqual(['in', 'not_found'])
    after(hourMs)
    expect([await follow(wrong), await follow(wrong)]).toEqual(['not_found', 'not_found'])
  })

  it('to reset a password are three in a quarter of an hour, for each account and network', async () => {
    const reset = (account = 'ada', address = '203.0.113.5') => outcomeOf(limits.countReset({ account, address }))
    expect(await times(4, () => reset())).toEqual([undefined, undefined, undefined, 900])
    expect([await reset('bob'), await reset('ada', '203.0.113.6')]).toEqual([undefined, undefined])
    after(15 * minuteMs)
    expect(await reset()).toBeUndefined()
  })

  it('to have an account mailed are ten in an hour, whoever makes them', async () => {
    const mayMail = () => limits.mayMailReset('ada')
    expect(await times(11, mayMail)).toEqual([...all(10, true), false])
    expect(await limits.mayMailReset('bob')).toBe(true)
    after(hourMs - 1)
    expect(await mayMail()).toBe(false)
    after(1)
    expect(await mayMail()).toBe(true)
  })

  it('to enter the sample are fifty in a quarter of an hour from an address', async () => {
    const enter = (from = '203.0.113.5') => outcomeOf(limits.countEntry(from))
    expect(await times(51, () => enter())).toEqual([...all(50, undefined), 900])
    expect(await enter('203.0.113.6')).toBeUndefined()
    after(15 * minuteMs)
    expect(await enter()).toBeUndefined()
  })
})
