import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { costlyPropertyRuns, propertyRuns } from '../testing/property-runs.ts'
import { calendarOf } from './calendar-of.ts'
import { compileCalendar } from './compile-calendar.ts'
import { dayMs } from './local-date.ts'
import { calendarRange } from './working-calendar.ts'
import { eventfulCalendar } from './testing/arbitrary-calendars.ts'
import { plantCalendar } from './testing/plant-calendar.ts'
import { naiveWorkingMinutes } from './testing/naive-working-time.ts'

const minuteMs = 60_000
/** Counting minutes takes about ten thousand time zone lookups. */
const slowRuns = { ...costlyPropertyRuns, numRuns: Math.ceil(costlyPropertyRuns.numRuns / 2) }

const minuteOffset = fc.integer({ min: -3 * 1440, max: 2 * 1440 })
const instantNear = fc.integer({ min: -400 * dayMs, max: 400 * dayMs })
const durationMs = fc.oneof(fc.integer({ min: 1, max: dayMs }), fc.integer({ min: 1, max: 300 * dayMs }))

test('working time, starts and ends are what a look at the clock every minute finds', () => {
  fc.assert(
    fc.property(eventfulCalendar, minuteOffset, ({ definition, near }, offset) => {
      const from = near + offset * minuteMs
      const to = from + 2 * dayMs
      const minutes = naiveWorkingMinutes(definition, from, to)
      const calendar = calendarOf(definition)
      expect(minutes.map((_, i) => calendar.isWorking(from + i * minuteMs))).toEqual(minutes)
      const countedMs = minutes.filter(Boolean).length * minuteMs
      expect(calendar.workingMs(from, to)).toBe(countedMs)
      expect(compileCalendar(definition, from, to).totalMs).toBe(countedMs)
      const firstChange = (working: boolean) =>
        minutes.findIndex((now, i) => now === working && minutes[i - 1] === !working)
      const minuteOf = (at = to) => (at < to ? (at - from) / minuteMs : -1)
      expect(minuteOf(calendar.nextStart(from))).toBe(firstChange(true))
      expect(minuteOf(calendar.nextEnd(from))).toBe(firstChange(false))
    }),
    slowRuns,
  )
})

test('working time from a to c is that from a to b and from b to c', () => {
  fc.assert(
    fc.property(eventfulCalendar, instantNear, instantNear, instantNear, ({ definition, near }, ...offsets) => {
      const [a, b, c] = offsets.toSorted((one, other) => one - other).map((offset) => near + offset)
      const calendar = calendarOf(definition)
      expect(calendar.workingMs(a!, b!) + calendar.workingMs(b!, c!)).toBe(calendar.workingMs(a!, c!))
      expect(calendar.workingMs(c!, a!)).toBe(0)
    }),
    propertyRuns,
  )
})

test('the instant after n working ms is the first at which n working ms have passed', () => {
  fc.assert(
    fc.property(eventfulCalendar, instantNear, durationMs, ({ definition, near }, offset, workingMs) => {
      const calendar = calendarOf(definition)
      const from = near + offset
      // An hour a week may not be enough: the range of calendars may end before.
      const lasts = calendar.workingMs(from, calendarRange.to) >= workingMs
      const at = calendar.instantAfter(from, workingMs)
      expect(at !== undefined).toBe(lasts)
      fc.pre(at !== undefined)
      expect(calendar.workingMs(from, at)).toBe(workingMs)
      expect(calendar.workingMs(from, at - 1)).toBe(workingMs - 1)
      expect(calendar.instantAfter(from, 0)).toBe(from)
    }),
    costlyPropertyRuns,
  )
})

test('the last instant of work in one year is not the first one of the next', () => {
  const calendar = calendarOf(plantCalendar({}))
  // Calendars are compiled for 366 days at a time, counted from 1970.
  for (const end of [55, 56, 57].map((years) => years * 366 * dayMs)) {
    const from = end - 10 * dayMs
    const at = calendar.instantAfter(from, calendar.workingMs(from, end))!
    expect(at).toBeLessThanOrEqual(end)
    expect([calendar.workingMs(at, end), calendar.workingMs(at - 1, end)]).toEqual([0, 1])
  }
})
