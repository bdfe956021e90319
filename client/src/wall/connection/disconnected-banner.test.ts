import { expect, it } from 'vitest'
import { outageDuration } from './disconnected-banner.tsx'

it('the duration of an outage starts with its largest non-zero unit', () => {
  expect(outageDuration(19_000)).toMatchObject({ unit: 'seconds', seconds: 19 })
  expect(outageDuration(222_000)).toMatchObject({ unit: 'minutes', minutes: 3, seconds: 42 })
  expect(outageDuration(3_720_000)).toMatchObject({ unit: 'hours', hours: 1, minutes: 2 })
})
