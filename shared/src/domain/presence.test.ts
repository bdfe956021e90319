import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { absenceSpan, nextWorkingInstant, presenceAt } from './presence.ts'
import type { Absence } from './presence.ts'
import { propertyRuns } from './testing/property-runs.ts'
import { alwaysOpen } from './time/always-open.ts'
import { calendarOf } from './time/calendar-of.ts'
import { dateOf, dayMs } from './time/local-date.ts'
import { eventfulCalendar } from './time/testing/arbitrary-calendars.ts'
import { naiveWorkingMinutes } from './time/testing/naive-working-time.ts'
import { plantCalendar } from './time/testing/plant-calendar.ts'

const minuteMs = 60_000
/** Checking a clock every minute takes about ten thousand time zone lookups. */
const slowRuns = { numRuns: Math.ceil(propertyRuns.numRuns / 12) }

const time = fc.option(
  fc.tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30')).map(([h, m]) => {
    return `${String(h).padStart(2, '0')}:${m}`
  }),
  { nil: undefined },
)
const absence = fc
  .record({
    day: fc.integer({ min: -2, max: 3 }),
    days: fc.integer({ min: 0, max: 2 }),
    fromTime: time,
    toTime: time,
    kind: fc.constantFrom('leave', 'sick'),
    deputyId: fc.constantFrom('wu', 'li'),
  })
  .filter(({ days, fromTime, toTime }) => days > 0 || toTime === undefined || (fromTime ?? '00:00') < toTime)

/** Minute by minute: whether the wall clock has shown the start of the absence, and not yet its end. */
function naiveAbsentMinutes({ from, to, fromTime, toTime }: Absence, zone: string, begin: number, end: number) {
  const first = `${from}T${fromTime ?? '00:00'}`
  const isOver = (shown: string) => (toTime === undefined ? shown.slice(0, 10) > to : shown >= `${to}T${toTime}`)
  const minutes: boolean[] = []
  let latest = ''
  for (let at = begin - 1500 * minuteMs; at < end; at += minuteMs) {
    const shown = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toString().slice(0, 16)
    if (shown > latest) latest = shown
    if (at >= begin) minutes.push(latest >= first && !isOver(latest))
  }
  return minutes
}

test('who is here, and when they work next, is what a look at the clock every minute finds', () => {
  fc.assert(
    fc.property(eventfulCalendar, fc.array(absence, { maxLength: 3 }), ({ definition, near }, drawn) => {
      const timeZone = definition.versions[0]!.timeZone
      const absences = drawn.map(({ day, days, ...rest }): Absence => {
        const first = near / dayMs + day
        return { ...rest, from: dateOf(first), to: dateOf(first + days) }
      })
      const person = { calendar: calendarOf(definition), absences, timeZone }
      const [from, to] = [near - dayMs, near + 2 * dayMs]
      const working = naiveWorkingMinutes(definition, from, to)
      const away = absences.map((one) => naiveAbsentMinutes(one, timeZone, from, to))
      const isHere = (i: number) => working[i] === true && !away.some((minutes) => minutes[i])
      const states = working.map((_, i) =>
        away.some((minutes) => minutes[i]) ? 'absent' : working[i] === true ? 'here' : 'off',
      )
      const asked = working.map((_, i) => presenceAt(person, from + i * minuteMs))
      expect(asked.map(({ state }) => state)).toEqual(states)
      // Beyond the examined range it is only known that the instant is not within the range.
      const within = (at = Infinity) => (at < to ? at : undefined)
      const minuteOf = (i: number) => (i === -1 ? undefined : from + i * minuteMs)
      for (let i = 0; i < working.length; i += 97) {
        const found = asked[i]!
        const next = minuteOf(working.findIndex((_, j) => j >= i && isHere(j)))
        const end = minuteOf(working.findIndex((_, j) => j > i && !isHere(j)))
        expect(within(nextWorkingInstant(person, from + i * minuteMs))).toBe(next)
        expect(within(found.state === 'here' ? found.until : found.next)).toBe(found.state === 'here' ? end : next)
      }
    }),
    slowRuns,
  )
})

describe('an absence', () => {
  it('that ends at a time which the clocks skip ends when they are put forward', () => {
    const span = absenceSpan({ from: '2026-03-29', to: '2026-03-29', toTime: '02:30' }, 'Europe/Berlin')
    expect(span).toEqual({ from: Date.UTC(2026, 2, 28, 23), to: Date.UTC(2026, 2, 29, 1) })
  })

  it('of a whole day lasts 25 hours when the clocks are put back', () => {
    const { from, to } = absenceSpan({ from: '2026-10-25', to: '2026-10-25' }, 'Europe/Berlin')
    expect(to - from).toBe(25 * 60 * minuteMs)
  })

  it('names the deputy of the one that lasts longest, and when work begins after all of them', () => {
    const person = {
      calendar: calendarOf(plantCalendar({})),
      timeZone: 'Asia/Shanghai',
      absences: [
        { from: '2026-11-23', to: '2026-11-24', kind: 'leave', deputyId: 'wu' },
        { from: '2026-11-24', to: '2026-11-27', kind: 'trip', deputyId: 'li' },
      ],
    } as const
    const noon = Date.UTC(2026, 10, 24, 4)
    expect(presenceAt(person, noon)).toMatchObject({ state: 'absent', kind: 'trip', deputyId: 'li' })
    const next = nextWorkingInstant(person, noon)!
    expect(next).toBeGreaterThan(Date.UTC(2026, 10, 27, 16))
    expect(person.calendar.isWorking(next)).toBe(true)
    expect(person.calendar.workingMs(Date.UTC(2026, 10, 27, 16), next)).toBe(0)
  })

  it('keeps somebody from work who otherwise always works', () => {
    const person = {
      calendar: alwaysOpen,
      timeZone: 'UTC',
      absences: [{ from: '2026-11-24', to: '2026-11-24', kind: 'sick' }],
    } as const
    expect(presenceAt(person, Date.UTC(2026, 10, 23, 12))).toEqual({ state: 'here', until: Date.UTC(2026, 10, 24) })
    expect(nextWorkingInstant(person, Date.UTC(2026, 10, 24, 5))).toBe(Date.UTC(2026, 10, 25))
  })
})
