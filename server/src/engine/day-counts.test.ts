import { expect, it } from 'vitest'
import { DayCounts } from './day-counts.ts'

const [monday, tuesday, friday] = [100, 200, 500] as const

it('counts of a day add up, can be taken back, and leave those of other days alone', () => {
  const counts = new DayCounts()
  counts.add(tuesday, 1)
  counts.add(tuesday, 2)
  counts.add(friday, 1)
  counts.add(tuesday, -1)
  expect([monday, tuesday, friday].map((day) => counts.of(day))).toEqual([0, 2, 1])
  counts.add(tuesday, -2)
  counts.add(tuesday, 4)
  expect([monday, tuesday, friday].map((day) => counts.of(day))).toEqual([0, 4, 1])
})

it('the last day follows what is added and taken back', () => {
  const counts = new DayCounts()
  expect(counts.lastDay()).toBeUndefined()
  counts.add(tuesday, 1)
  expect(counts.lastDay()).toBe(tuesday)
  counts.add(friday, 1)
  expect(counts.lastDay()).toBe(friday)
  counts.add(monday, 1)
  expect(counts.lastDay()).toBe(friday)
  counts.add(friday, -1)
  expect(counts.lastDay()).toBe(tuesday)
  for (const day of [tuesday, monday]) counts.add(day, -1)
  expect(counts.lastDay()).toBeUndefined()
})

it('an instant has something before it only from a day that starts earlier', () => {
  const counts = new DayCounts()
  counts.add(tuesday, 1)
  expect([tuesday, tuesday + 1].map((instant) => counts.hasBefore(instant))).toEqual([false, true])
  counts.add(tuesday, -1)
  expect(counts.hasBefore(friday)).toBe(false)
})
