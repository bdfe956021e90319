import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutOffAt } from './cut-off.ts'
import type { CutOff } from './cut-off.ts'
import { alwaysOpenBy, alwaysOpenIn } from './time/always-open.ts'
import type { CalendarVersion } from './time/calendar-definition.ts'
import { calendarOf } from './time/calendar-of.ts'
import { chineseHolidays } from './time/chinese-holidays.ts'
import { dayMs } from './time/local-date.ts'
import { eventfulCalendar } from './time/testing/arbitrary-calendars.ts'
import { plantCalendar, weekOf } from './time/testing/plant-calendar.ts'
import type { WorkingCalendar } from './time/working-calendar.ts'

const afternoon = { enterBy: '14:00', leaveBy: '16:00' }
const always = { from: '00:00', to: '24:00' }
const everyDay = { 1: [always], 2: [always], 3: [always], 4: [always], 5: [always], 6: [always], 7: [always] }

function due(cutOff: CutOff, calendar: WorkingCalendar, enteredAt: string): string | undefined {
  const at = cutOffAt(cutOff, Date.parse(enteredAt), calendar.days)
  return at === undefined ? undefined : new Date(at).toISOString()
}

const opened = (version: Partial<CalendarVersion>) => calendarOf(plantCalendar(version))

describe('a cut-off', () => {
  const office = opened({ holidays: chineseHolidays.days })

  it.each([
    // A Monday.
    ['2026-06-01T10:00+08:00', '2026-06-01T16:00+08:00'],
    ['2026-06-01T14:00+08:00', '2026-06-01T16:00+08:00'],
    ['2026-06-01T14:00:00.001+08:00', '2026-06-02T16:00+08:00'],
    ['2026-06-01T03:00+08:00', '2026-06-01T16:00+08:00'],
    // A Friday, and the Saturday after it.
    ['2026-06-05T15:00+08:00', '2026-06-08T16:00+08:00'],
    ['2026-06-06T09:00+08:00', '2026-06-08T16:00+08:00'],
    // Before National Day, with days off until October 7th.
    ['2026-09-30T15:00+08:00', '2026-10-08T16:00+08:00'],
    // On the Friday before a make-up Saturday.
    ['2026-10-09T15:00+08:00', '2026-10-10T16:00+08:00'],
  ])('makes what enters %s due %s', (enteredAt, dueAt) => {
    expect(due(afternoon, office, enteredAt)).toBe(new Date(dueAt).toISOString())
  })

  it('counts working days after the one that it belongs to', () => {
    const later = (daysLater: number) => due({ ...afternoon, daysLater }, office, '2026-09-30T10:00+08:00')
    expect([1, 2, 3, 4].map(later)).toEqual(['08', '09', '10', '12'].map((day) => `2026-10-${day}T08:00:00.000Z`))
  })

  it('without a time to enter by takes what enters until it has to leave', () => {
    expect(due({ leaveBy: '16:00' }, office, '2026-06-01T16:00+08:00')).toBe('2026-06-01T08:00:00.000Z')
    expect(due({ leaveBy: '16:00' }, office, '2026-06-01T16:01+08:00')).toBe('2026-06-02T08:00:00.000Z')
  })

  it('counts a day on which a shift starts, not one on which one ends', () => {
    const nights = opened({ week: weekOf([{ from: '22:00', to: '06:00' }]) })
    // During Friday's shift.
    expect(due(afternoon, nights, '2026-06-06T02:00+08:00')).toBe('2026-06-08T08:00:00.000Z')
  })

  it('goes by the clock of the calendar, also where work goes on around the clock', () => {
    const around = (timeZone: string) => calendarOf(plantCalendar({ timeZone, week: everyDay }))
    expect(around('Asia/Tokyo').neverCloses).toBe(true)
    expect(due(afternoon, around('Asia/Tokyo'), '2026-06-06T04:59Z')).toBe('2026-06-06T07:00:00.000Z')
    expect(due(afternoon, around('Asia/Tokyo'), '2026-06-06T05:01Z')).toBe('2026-06-07T07:00:00.000Z')
    expect(due(afternoon, alwaysOpenIn('America/New_York'), '2026-06-06T18:00Z')).toBe('2026-06-06T20:00:00.000Z')
  })

  it('at a time that the clocks skip is when they skip it, at one that comes twice the first of them', () => {
    const berlin = alwaysOpenIn('Europe/Berlin')
    const night = { leaveBy: '02:30' }
    expect(due(night, berlin, '2026-03-29T00:30Z')).toBe('2026-03-29T01:00:00.000Z')
    expect(due(night, berlin, '2026-03-29T01:00:00.001Z')).toBe('2026-03-30T00:30:00.000Z')
    expect(due(night, berlin, '2026-10-25T00:30Z')).toBe('2026-10-25T00:30:00.000Z')
    // The wall clock shows 02:15 for the second time.
    expect(due(night, berlin, '2026-10-25T01:15Z')).toBe('2026-10-26T01:30:00.000Z')
  })

  it('follows the version of the calendar that counts on the day', () => {
    const versions = [{}, { validFrom: '2026-06-03', timeZone: 'Asia/Tokyo' }]
    const moved = calendarOf(plantCalendar(...versions))
    expect(due(afternoon, moved, '2026-06-02T10:00+08:00')).toBe('2026-06-02T08:00:00.000Z')
    expect(due(afternoon, moved, '2026-06-02T15:00+08:00')).toBe('2026-06-03T07:00:00.000Z')
  })

  it('is none where nobody works any more, and outside of the years that calendars know', () => {
    const closed = alwaysOpenBy({ versions: [{ timeZone: 'UTC', week: {}, holidays: [] }] })
    expect(due(afternoon, closed, '2026-06-01T10:00Z')).toBeUndefined()
    expect(due(afternoon, office, '2200-06-01T10:00Z')).toBeUndefined()
  })

  const time = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((minutes) => {
    const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
    return `${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
  })
  const cutOff: fc.Arbitrary<CutOff> = fc.oneof(
    fc.record({ leaveBy: time, daysLater: fc.nat(3) }),
    fc.tuple(time, time).map((times) => {
      const [enterBy = '', leaveBy = ''] = times.toSorted()
      return { enterBy, leaveBy }
    }),
    fc.record({ enterBy: time, leaveBy: time, daysLater: fc.integer({ min: 1, max: 3 }) }),
  )
  const instants = fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: 0, max: dayMs }), fc.nat(3 * dayMs))

  it('is never before what entered, and no earlier for what enters later, whatever the clocks do', () => {
    fc.assert(
      fc.property(eventfulCalendar, cutOff, instants, ({ definition, near }, daily, [days, ofDay, laterMs]) => {
        // If versions have different zones, the clocks of the next day may be behind those of the day before.
        const { days: calendar } = calendarOf({ ...definition, versions: definition.versions.slice(0, 1) })
        const enteredAt = near + days * dayMs + ofDay
        const first = cutOffAt(daily, enteredAt, calendar) ?? Infinity
        const later = cutOffAt(daily, enteredAt + laterMs, calendar) ?? Infinity
        expect(first).toBeGreaterThanOrEqual(enteredAt)
        expect(later).toBeGreaterThanOrEqual(first)
        expect(cutOffAt(daily, enteredAt, calendarOf(definition).days) ?? Infinity).toBeGreaterThanOrEqual(enteredAt)
      }),
      { numRuns: 500 },
    )
  })
})
