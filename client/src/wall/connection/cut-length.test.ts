import { expect, it } from 'vitest'
import { cutLength } from './cut-length.ts'

it('tells the length of a cut with the largest unit that says something', () => {
  expect(cutLength(19_000)).toMatchObject({ unit: 'seconds', seconds: 19 })
  expect(cutLength(222_000)).toMatchObject({ unit: 'minutes', minutes: 3, seconds: 42 })
  expect(cutLength(3_720_000)).toMatchObject({ unit: 'hours', hours: 1, minutes: 2 })
})
