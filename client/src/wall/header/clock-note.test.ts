import { expect, it } from 'vitest'
import { clockOffMs } from './clock-note.tsx'

it('a clock is wrong from half a minute on, in either direction', () => {
  expect(clockOffMs(1_030_000, 1_000_000)).toBeUndefined()
  expect(clockOffMs(1_030_001, 1_000_000)).toBe(30_001)
  expect(clockOffMs(400_000, 1_000_000)).toBe(-600_000)
  expect(clockOffMs(1_030_000, undefined)).toBeUndefined()
})
