import { expect, it } from 'vitest'
import { oldData } from './old-data.ts'

const dayMs = 24 * 3_600_000
const lastMovedOn = Date.parse('2025-06-03T00:00:00+08:00')

it('data is old from two weeks on after the last day on which something happened', () => {
  expect(oldData({ lastMovedOn }, lastMovedOn + 14 * dayMs - 1)).toBeUndefined()
  expect(oldData({ lastMovedOn }, lastMovedOn + 14 * dayMs)).toEqual({ endsOn: lastMovedOn, days: 14 })
})

it('nothing and a recording are not old', () => {
  expect(oldData({}, lastMovedOn)).toBeUndefined()
  const recording = { from: lastMovedOn, to: lastMovedOn + dayMs, speed: 60 }
  expect(oldData({ lastMovedOn, recording }, lastMovedOn + 400 * dayMs)).toBeUndefined()
})
