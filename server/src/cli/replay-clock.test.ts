import { expect, test } from 'vitest'
import { replayedAt } from './replay-clock.ts'

const clock = { recordedFrom: 1_000_000, startedAt: 5_000_000, speed: 60 }

test('the first event is replayed at the start and the others after it, closer together', () => {
  expect(replayedAt(clock, 1_000_000)).toBe(5_000_000)
  expect(replayedAt(clock, 1_060_000)).toBe(5_001_000)
  expect(replayedAt({ ...clock, speed: 0.5 }, 1_060_000)).toBe(5_120_000)
})
