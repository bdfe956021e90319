import { expect, it } from 'vitest'
import { SuspendDetector } from './suspend-detector.ts'

const hourMs = 3_600_000

it('a device whose own clock went on while the monotonic one stood still was asleep', () => {
  const detector = new SuspendDetector(1_000, 5_000_000)
  expect(detector.sleptMs(2_000, 5_001_000)).toBe(0)
  expect(detector.sleptMs(3_000, 5_002_000 + hourMs)).toBe(hourMs)
  expect(detector.sleptMs(4_000, 5_003_000 + hourMs)).toBe(0)
})

it('a slow timer, a clock that is put right and one that is set back are no sleep', () => {
  const detector = new SuspendDetector(0, 0)
  expect(detector.sleptMs(60_000, 60_000)).toBe(0)
  expect(detector.sleptMs(61_000, 65_000)).toBe(0)
  expect(detector.sleptMs(62_000, 0)).toBe(0)
})
