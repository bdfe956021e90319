import { expect, test } from 'vitest'
import { DwellHistogram } from '../engine/dwell-histogram.ts'
import { medianDwell } from './median-dwell.ts'

const targetMs = 60

function histogramOf(count: number, ms: number): DwellHistogram {
  const histogram = new DwellHistogram()
  for (let i = 0; i < count; i++) histogram.add(ms)
  return histogram
}

test('a stage that works has the median of what it finished', () => {
  expect(medianDwell(histogramOf(10, 20), [], targetMs)).toBe(20)
  expect(medianDwell(histogramOf(10, 20), [{ ms: 3, count: 50 }], targetMs)).toBe(20)
})

test('a stage from which hardly anything leaves any more does not look fast', () => {
  expect(medianDwell(histogramOf(10, 20), [{ ms: 90, count: 11 }], targetMs)).toBe(90)
  expect(medianDwell(histogramOf(4, 20), [{ ms: 90, count: 11 }], targetMs)).toBe(90)
  expect(medianDwell(new DwellHistogram(), [{ ms: 90, count: 1 }], targetMs)).toBe(90)
})

test('few finished visits say nothing while the median may be within the target', () => {
  expect(medianDwell(histogramOf(4, 20), [], targetMs)).toBeUndefined()
  expect(medianDwell(histogramOf(4, 20), [{ ms: 60, count: 11 }], targetMs)).toBeUndefined()
  expect(medianDwell(histogramOf(4, 20), [{ ms: 90, count: 4 }], targetMs)).toBeUndefined()
  expect(medianDwell(histogramOf(4, 200), [], undefined)).toBeUndefined()
})
