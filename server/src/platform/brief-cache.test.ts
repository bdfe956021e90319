import { setImmediate } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { BriefCache } from './brief-cache.ts'
import { VirtualClock } from './clock/virtual-clock.ts'

let clock: VirtualClock
let cache: BriefCache<string>
let loads: string[]
/** What is there, by key. */
let stored: Map<string, string>

beforeEach(() => {
  clock = new VirtualClock(0)
  cache = new BriefCache(clock, 5_000, 2)
  loads = []
  stored = new Map([
    ['a', 'A'],
    ['b', 'B'],
    ['c', 'C'],
  ])
})

function find(key: string): Promise<string | undefined> {
  return cache.find(key, async () => {
    loads.push(key)
    return stored.get(key)
  })
}

describe('a brief cache', () => {
  it('answers from memory until its time is over', async () => {
    expect(await find('a')).toBe('A')
    stored.set('a', 'changed')
    clock.advanceTo(4_999)
    expect(await find('a')).toBe('A')
    clock.advanceTo(5_000)
    expect(await find('a')).toBe('changed')
    expect(loads).toEqual(['a', 'a'])
  })

  it('loads once for all who ask at the same time', async () => {
    expect(await Promise.all([find('a'), find('a'), find('b')])).toEqual(['A', 'A', 'B'])
    expect(loads).toEqual(['a', 'b'])
  })

  it('uses nothing that was being loaded when something changed', async () => {
    const before = find('a')
    stored.set('a', 'changed')
    cache.expire()
    expect(await Promise.all([before, find('a'), find('a')])).toEqual(['A', 'changed', 'changed'])
    expect(loads).toEqual(['a', 'a'])
    cache.expire()
    expect(cache.usage).toEqual({ size: 0, limit: 2 })
  })

  it('does not keep what is missing, and leaves alone what was found after it', async () => {
    stored.delete('a')
    const missing = find('a')
    cache.expire()
    stored.set('a', 'new')
    expect(await find('a')).toBe('new')
    expect(await missing).toBeUndefined()
    expect(await find('a')).toBe('new')
    expect(loads).toEqual(['a', 'a'])
    expect(await find('d')).toBeUndefined()
    await setImmediate()
    expect(cache.usage.size).toBe(1)
  })

  it('fails for all who share a query, and loads again', async () => {
    const failing = () => cache.find('a', () => Promise.reject(new Error('the database is away')))
    for (const result of await Promise.allSettled([failing(), find('a')])) {
      expect(result).toMatchObject({ status: 'rejected', reason: { message: 'the database is away' } })
    }
    await setImmediate()
    expect(cache.usage.size).toBe(0)
    expect(await find('a')).toBe('A')
  })

  it('holds the newest values up to its limit, and reads a value again in its own place', async () => {
    await find('a')
    clock.advanceTo(3_000)
    await find('b')
    clock.advanceTo(5_000)
    await find('a')
    expect(cache.usage.size).toBe(2)
    await find('b')
    expect(loads).toEqual(['a', 'b', 'a'])
    await find('c')
    expect(cache.usage.size).toBe(2)
    await find('a')
    expect(loads).toEqual(['a', 'b', 'a', 'c'])
  })

  it('loses no more than its oldest value to a guess', async () => {
    await find('a')
    await find('b')
    expect(await find('guess')).toBeUndefined()
    await find('b')
    expect(loads).toEqual(['a', 'b', 'guess'])
  })
})
