import { expect, it } from 'vitest'
import { isStuck, isHopeless, recentReloads } from './reload-decision.ts'

const alive = { openedAt: 0, frameAt: 99_000, beatAt: 99_000, turnAt: 99_000 }

it('a page is stuck when it has not painted, not drawn itself or not come round for half a minute', () => {
  expect(isStuck(alive, 100_000)).toBe(false)
  expect(isStuck({ ...alive, frameAt: 69_999 }, 100_000)).toBe(true)
  expect(isStuck({ ...alive, beatAt: 69_999 }, 100_000)).toBe(true)
  expect(isStuck({ ...alive, turnAt: 69_999 }, 100_000)).toBe(true)
})

it('a page that loads has a minute for its first picture', () => {
  const loading = { openedAt: 40_000, frameAt: 99_000, beatAt: undefined, turnAt: 99_000 }
  expect(isStuck(loading, 100_000)).toBe(false)
  expect(isStuck(loading, 100_001)).toBe(true)
})

it('the third reload within ten minutes is the last one', () => {
  const now = 1_000_000
  expect(recentReloads('399999 400001 700000 2000000 x', now)).toEqual([400_001, 700_000])
  expect(recentReloads(null, now)).toEqual([])
  expect(isHopeless([1, 2])).toBe(false)
  expect(isHopeless([1, 2, 3])).toBe(true)
})
