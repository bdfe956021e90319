import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { instantOf } from './rfc3339.ts'
import { propertyRuns } from './testing/property-runs.ts'

test.for([
  ['2026-11-22T08:15:00+08:00', '2026-11-22T00:15:00.000Z'],
  ['2026-11-22t00:15:00z', '2026-11-22T00:15:00.000Z'],
  ['2026-11-22T00:15:00.5Z', '2026-11-22T00:15:00.500Z'],
  ['2026-11-22T00:15:00.123999999-00:30', '2026-11-22T00:45:00.123Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ['1969-12-31T23:30:00-01:00', '1970-01-01T00:30:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
])('%s is %s', ([text, utc]) => {
  expect(instantOf(text!)).toBe(Date.parse(utc!))
})

test.for([
  ['2026-02-30T00:00:00Z', 'the calendar has no such day'],
  ['2026-02-29T00:00:00Z', 'the year is no leap year'],
  ['2026-13-01T00:00:00Z', 'there are twelve months'],
  ['2026-01-01T24:00:00Z', 'a day ends at 23:59:59'],
  ['2026-01-01T00:60:00Z', 'an hour has 60 minutes'],
  ['2016-12-31T23:59:60Z', 'a leap second is no instant of this scale'],
  ['2026-01-01T00:00:00', 'there is no offset'],
  ['2026-01-01T00:00Z', 'there are no seconds'],
  ['2026-01-01', 'there is no time'],
  ['2026-01-01 00:00:00Z', 'the date and the time are not joined by T'],
  ['2026-01-01T00:00:00+25:00', 'offsets are less than a day'],
  ['2026-01-01T00:00:00+0800', 'the offset has no colon'],
  ['2026-01-01T00:00:00.Z', 'the fraction is empty'],
  ['1763800000000', 'it is a number of milliseconds'],
  ['0000-01-01T00:00:00Z', 'it is before 1970'],
  ['0099-01-01T00:00:00Z', 'it is before 1970, not 1999'],
  ['1969-12-31T23:59:59Z', 'it is before 1970'],
  ['1970-01-01T00:00:00+01:00', 'it is before 1970 in UTC'],
  ['9999-12-31T23:59:59-01:00', 'it is after 9999 in UTC'],
  ['+275760-09-13T00:00:00Z', 'years have four digits'],
  ['２026-01-01T00:00:00Z', 'digits are ASCII'],
  ['2026-01-01T00:00:00Z\n', 'nothing may follow'],
  ['', 'it is empty'],
])('%s is no instant: %s', ([text]) => {
  expect(instantOf(text!)).toBeUndefined()
})

test('every instant from 1970 to 9999 is read back from how the runtime writes it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (at) => {
      expect(instantOf(new Date(at).toISOString())).toBe(at)
    }),
    propertyRuns,
  )
})
