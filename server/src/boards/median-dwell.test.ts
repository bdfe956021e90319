import { expect, test } from 'vitest'
import type { CountedMs } from '@stagewatch/shared/domain/kaplan-meier.ts'
import { medianDwell } from './median-dwell.ts'
import type { RecentDwell } from './median-dwell.ts'

const targetMs = 60

function of(ended: number, ms: number, open: CountedMs[] = [], late: CountedMs[] = []): RecentDwell {
  return { ended: ended === 0 ? [] : [{ ms, count: ended }], open, late }
}

test('a stage that finishes orders has the median of their durations', () => {
  expect(medianDwell(of(10, 20, []), targetMs)).toBe(20)
  expect(medianDwell(of(10, 20, [{ ms: 3, count: 50 }]), targetMs)).toBe(20)
})

test('a stage from which hardly anything leaves any more does not look fast', () => {
  expect(medianDwell(of(10, 20, [{ ms: 90, count: 11 }]), targetMs)).toBe(90)
  expect(medianDwell(of(4, 20, [{ ms: 90, count: 11 }]), targetMs)).toBe(90)
  expect(medianDwell(of(0, 0, [{ ms: 90, count: 1 }]), targetMs)).toBe(90)
})

test('with few finished visits, the median is unknown while it may be within the target', () => {
  expect(medianDwell(of(5, 20, []), undefined)).toBe(20)
  expect(medianDwell(of(4, 20, []), targetMs)).toBeUndefined()
  expect(medianDwell(of(4, 20, [{ ms: 60, count: 11 }]), targetMs)).toBeUndefined()
  expect(medianDwell(of(4, 20, [{ ms: 61, count: 11 }]), targetMs)).toBe(61)
  expect(medianDwell(of(4, 20, [{ ms: 90, count: 4 }]), targetMs)).toBeUndefined()
  expect(medianDwell(of(4, 200, []), undefined)).toBeUndefined()
})
