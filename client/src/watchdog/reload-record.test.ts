import { expect, it } from 'vitest'
import { isHopeless, recentReloads } from './reload-record.ts'

it('the third reload within ten minutes is the last one', () => {
  const now = 1_000_000
  expect(recentReloads('399999 400001 700000 2000000 x', now)).toEqual([400_001, 700_000])
  expect(recentReloads(null, now)).toEqual([])
  expect(isHopeless([1, 2])).toBe(false)
  expect(isHopeless([1, 2, 3])).toBe(true)
})
