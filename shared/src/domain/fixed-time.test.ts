import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fixedTimeMs, fixedTimeText } from './fixed-time.ts'
import { instantOf } from './rfc3339.ts'
import { propertyRuns } from './testing/property-runs.ts'

const instants = fc.date({ min: new Date('0101-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })

test('an instant is written as Date writes it, and read back, whatever stands between day and time', () => {
  fc.assert(
    fc.property(instants, fc.constantFrom('T', ' '), (date, between) => {
      const text = fixedTimeText(date.getTime())
      expect(text).toBe(date.toISOString())
      expect(fixedTimeMs(text.replace('T', between), 23)).toBe(date.getTime())
      expect(fixedTimeMs(text.replace('T', between), 19)).toBe(Math.floor(date.getTime() / 1000) * 1000)
    }),
    propertyRuns,
  )
})

test('what is damaged anywhere is not read, and a text that is no time of the standard is none', () => {
  const text = '2026-02-28T23:59:59.999Z'
  fc.assert(
    fc.property(fc.nat(22), fc.string({ minLength: 1, maxLength: 1 }), instants, (place, unit, before) => {
      fixedTimeMs(before.toISOString(), 23)
      const damaged = `${text.slice(0, place)}${unit}${text.slice(place + 1)}`
      const standard = Date.parse(damaged)
      const ms = fixedTimeMs(damaged, 23)
      expect(Number.isNaN(ms) || ms === standard || (place === 10 && unit === ' ')).toBe(true)
    }),
    propertyRuns,
  )
})

test.for([
  '2026-02-29T00:00:00',
  '2026-13-01T00:00:00',
  '2026-00-10T00:00:00',
  '2026-01-05T24:00:00',
  '2026-01-05T23:59:60',
  '0026-01-05T00:00:00',
])('%s is left to whoever knows more of times', (text) => {
  expect(fixedTimeMs(text, 19)).toBeNaN()
})

test('a time of the standard form is the instant that it was before, and one outside of its years none', () => {
  fc.assert(
    fc.property(instants, (date) => {
      const at = date.getTime()
      expect(instantOf(date.toISOString())).toBe(at >= 0 ? at : undefined)
    }),
    propertyRuns,
  )
})
