import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { costlyPropertyRuns } from '../testing/property-runs.ts'
import { alwaysOpenDefinition } from './calendar-definition.ts'
import type { CalendarDefinition, Shift } from './calendar-definition.ts'
import { calendarOf } from './calendar-of.ts'
import { dayMs, weekdays } from './local-date.ts'
import { shiftsAround, shiftsEnded, shiftStarts } from './shift-starts.ts'
import { weekdayTimes } from './shift-times.ts'
import { eventfulCalendar } from './testing/arbitrary-calendars.ts'
import { plantCalendar, weekOf } from './testing/plant-calendar.ts'

const [minuteMs, hourMs] = [60_000, 3_600_000]
/** In Shanghai; 23 November 2026 is a Monday. */
const at = (text: string) => Date.parse(`${text}:00+08:00`)
const span = (start: string, end: string) => ({ start: at(start), end: at(end) })

const round: readonly Shift[] = [
  { from: '06:00', to: '14:00' },
  { from: '14:00', to: '22:00' },
  { from: '22:00', to: '06:00' },
]

describe('the shifts around an instant', () => {
  it('are those of the day, the break included', () => {
    expect(shiftsAround(plantCalendar({}), at('2026-11-24T12:30'))).toEqual({
      ended: span('2026-11-23T08:00', '2026-11-23T17:00'),
      current: span('2026-11-24T08:00', '2026-11-24T17:00'),
      next: span('2026-11-25T08:00', '2026-11-25T17:00'),
    })
  })

  it('hand over where one follows another, at the first instant of the later one, also over midnight', () => {
    const calendar = plantCalendar({ week: weekOf(round) })
    expect(shiftsAround(calendar, at('2026-11-24T22:00'))).toEqual({
      ended: span('2026-11-24T14:00', '2026-11-24T22:00'),
      current: span('2026-11-24T22:00', '2026-11-25T06:00'),
      next: span('2026-11-25T06:00', '2026-11-25T14:00'),
    })
    expect(shiftsEnded(calendar, at('2026-11-24T06:00'), at('2026-11-24T22:00'))).toEqual([
      span('2026-11-24T06:00', '2026-11-24T14:00'),
      span('2026-11-24T14:00', '2026-11-24T22:00'),
    ])
  })

  it('pass over holidays, and know make-up days', () => {
    const days = ['28', '29', '30'].map((day) => ({ date: `2026-11-${day}`, working: day === '28' }))
    expect(shiftsAround(plantCalendar({ holidays: days }), at('2026-11-30T10:00'))).toEqual({
      ended: span('2026-11-28T08:00', '2026-11-28T17:00'),
      next: span('2026-12-01T08:00', '2026-12-01T17:00'),
    })
  })

  it('are an hour shorter or longer in the night in which clocks change', () => {
    const night = [{ from: '22:00', to: '06:00' }]
    const calendar = plantCalendar({ timeZone: 'Europe/Berlin', week: { ...weekOf(night), 6: night } })
    const lengthAt = (instant: string) => {
      const { current } = shiftsAround(calendar, Date.parse(instant))
      return current && (current.end - current.start) / hourMs
    }
    expect(lengthAt('2026-03-28T23:00:00Z')).toBe(7)
    expect(lengthAt('2026-10-24T23:00:00Z')).toBe(9)
    expect(lengthAt('2026-11-27T23:00:00Z')).toBe(8)
  })

  it('leave out one that the clocks skip', () => {
    const early = [
      { from: '02:00', to: '03:00' },
      { from: '08:00', to: '16:00' },
    ]
    const calendar = plantCalendar({ timeZone: 'Europe/Berlin', week: { ...weekOf(early), 7: early } })
    const ofSunday = shiftsEnded(calendar, Date.parse('2026-03-28T23:00:00Z'), Date.parse('2026-03-29T22:00:00Z'))
    expect(ofSunday).toEqual([{ start: Date.parse('2026-03-29T06:00:00Z'), end: Date.parse('2026-03-29T14:00:00Z') }])
  })

  it('are none where work goes on around the clock', () => {
    expect(shiftsAround(alwaysOpenDefinition, at('2026-11-24T09:30'))).toEqual({})
  })

  it('contain every working instant once, and meet neither each other nor free time at their ends', () => {
    fc.assert(
      fc.property(shiftCalendar, fc.integer({ min: -1440, max: 1440 }), ({ definition, near }, minutes) => {
        const calendar = calendarOf(definition)
        const from = near + minutes * minuteMs
        const spans = shiftsEnded(definition, from - 3 * dayMs, from + 3 * dayMs)
        for (const [i, { start, end }] of spans.entries()) {
          expect(start).toBeLessThan(end)
          expect(calendar.isWorking(start) && calendar.isWorking(end - 1)).toBe(true)
          const next = spans[i + 1]
          if (next === undefined) break
          expect(end).toBeLessThanOrEqual(next.start)
          expect(calendar.workingMs(end, next.start)).toBe(0)
        }
      }),
      costlyPropertyRuns,
    )
  })

  it('are what one walks through from each to the next, with the beginnings of `shiftStarts`', () => {
    fc.assert(
      fc.property(shiftCalendar, fc.integer({ min: -2880, max: 2880 }), ({ definition, near }, minutes) => {
        const now = near + minutes * minuteMs
        const { ended, current, next } = shiftsAround(definition, now)
        // What is not there is at no instant, of which nothing is said.
        expect(current === undefined || (current.start <= now && now < current.end)).toBe(true)
        expect(current && shiftsAround(definition, current.end).ended).toEqual(current)
        expect(ended?.end ?? -Infinity).toBeLessThanOrEqual(current?.start ?? now)
        expect(next?.start ?? Infinity).toBeGreaterThan(now)
        expect(next && shiftsAround(definition, next.start).current).toEqual(next)
        const starts = shiftStarts(definition, now) ?? { current: (current ?? ended)?.start, next: next?.start }
        expect([starts.current, starts.next]).toEqual([(current ?? ended)?.start, next?.start])
      }),
      costlyPropertyRuns,
    )
  })
})

/** Without shifts of a day, which are none to hand over. */
const shiftCalendar = eventfulCalendar.filter(({ definition }: { readonly definition: CalendarDefinition }) =>
  definition.versions.every(({ week }) =>
    weekdays.every((weekday) => weekdayTimes(week, weekday).every(({ from, to }) => to - from < 22 * hourMs)),
  ),
)
