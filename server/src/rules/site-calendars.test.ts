import { alwaysOpen } from '@stagewatch/shared/domain/time/always-open.ts'
import type { CalendarDefinition, Shift } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { SiteCalendars } from './site-calendars.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const monday = Date.UTC(2026, 10, 30)

/** A calendar with one shift, the same on each day, in UTC. */
function daily(code: string, shift: Shift): CalendarDefinition {
  const day = [shift]
  const week = { 1: day, 2: day, 3: day, 4: day, 5: day, 6: day, 7: day }
  return { code, name: { zh: code, en: code }, versions: [{ timeZone: 'UTC', week, holidays: [] }] }
}

const early = daily('early', { from: '08:00', to: '16:00' })
const late = daily('late', { from: '14:00', to: '22:00' })

/** The instant of an hour of Monday, 30 November. */
function at(hour: number): number {
  return monday + hour * hourMs
}

function shiftOf(startHour: number): { readonly start: number; readonly end: number } {
  return { start: at(startHour), end: at(startHour + 8) }
}

let calendars: SiteCalendars

beforeEach(() => {
  calendars = new SiteCalendars([early, late], { site: 'early', departments: { store: 'late', office: 'gone' } })
})

describe('the calendar of a stage', () => {
  /** Whether work goes on at 09:00 and at 20:00. */
  const working = (of: SiteCalendars, stage?: string, department?: string) => {
    const calendar = of.calendarOf(stage, department)
    return [calendar.isWorking(at(9)), calendar.isWorking(at(20))]
  }

  it.each([
    ['its own', 'late', undefined, [false, true]],
    ['its own rather than that of the department', 'early', 'store', [true, false]],
    ['that of the department, if it has none', undefined, 'store', [false, true]],
    ['that of the department, if its own has gone', 'gone', 'store', [false, true]],
    ['that of the site, if the department has none', undefined, 'packing', [true, false]],
    ['that of the site, if that of the department has gone', undefined, 'office', [true, false]],
    ['that of the site, whatever the department is called', undefined, 'constructor', [true, false]],
    ['that of the site', undefined, undefined, [true, false]],
  ])('is %s', (_, stage, department, expected) => {
    expect(working(calendars, stage, department)).toEqual(expected)
  })

  it('is always open if nothing is chosen, with the days of the site', () => {
    const open = { ...alwaysOpen }
    const unchosen = new SiteCalendars([early, late], { departments: {} }, open)
    expect(unchosen.calendarOf(undefined, 'store')).toBe(open)
    expect(unchosen.calendarOf('gone', undefined)).toBe(open)
    expect(unchosen.calendarOf('late', undefined).isWorking(at(9))).toBe(false)
    expect(new SiteCalendars().calendarOf(undefined, undefined)).toBe(alwaysOpen)
  })

  it('is that of the department although the site has none', () => {
    const chosen = new SiteCalendars([late], { departments: { store: 'late' } })
    expect(working(chosen, undefined, 'store')).toEqual([false, true])
    expect(working(chosen, undefined, 'packing')).toEqual([true, true])
  })

  it('is compiled once', () => {
    expect(calendars.calendarOf('late', undefined)).toBe(calendars.calendarOf(undefined, 'store'))
  })

  it('is another one in a copy with another definition, choice, or without the calendar', () => {
    const night = daily('late', { from: '19:00', to: '21:00' })
    expect(working(calendars.with('late', night), 'late')).toEqual([false, true])
    expect(calendars.with('late', night).calendarOf('late', undefined).isWorking(at(15))).toBe(false)
    expect(working(calendars.with('late', night))).toEqual([true, false])
    expect(working(calendars.with('late', undefined), 'late')).toEqual([true, false])
    expect(working(calendars.with('third', daily('third', { from: '19:00', to: '21:00' })), 'late')).toEqual([
      false,
      true,
    ])
    expect(working(calendars.choosing({ site: 'late', departments: {} }))).toEqual([false, true])
  })
})

describe('the starts of shifts', () => {
  it('are those of the department, else those of the site, at each instant', () => {
    const starts = (current: number) => ({ current: at(current), previous: at(current - 24), next: at(current + 24) })
    // Asked for in this order, so that what is known of an earlier question must not answer a later one.
    expect(calendars.shiftsAt('store', at(15))).toEqual(starts(14))
    expect(calendars.shiftsAt('packing', at(15))).toEqual(starts(8))
    expect(calendars.shiftsAt(undefined, at(31.9))).toEqual(starts(8))
    expect(calendars.shiftsAt(undefined, at(32))).toEqual(starts(32))
    expect(calendars.shiftsAt(undefined, at(31.9))).toEqual(starts(8))
    expect(calendars.shiftsAt(undefined, at(7.9))).toEqual(starts(-16))
    expect(calendars.shiftsAt('office', at(8))).toEqual(starts(8))
  })

  it('are found once until the next shift begins', () => {
    const found = calendars.shiftsAt('store', at(15))
    expect(calendars.shiftsAt('store', at(37))).toBe(found)
  })

  it('are none where no calendar is chosen, or once work has been over for months', () => {
    expect(new SiteCalendars([early]).shiftsAt('store', at(9))).toBeUndefined()
    const closing = { ...early.versions[0]!, validFrom: '2026-12-01', week: {} }
    const closed = new SiteCalendars([{ ...early, versions: [...early.versions, closing] }], {
      site: 'early',
      departments: {},
    })
    expect(closed.shiftsAt(undefined, at(9))).toEqual({ current: at(8), previous: at(-16), next: undefined })
    expect(closed.shiftsAt(undefined, at(9) + 70 * dayMs)).toBeUndefined()
  })
})

describe('the shifts around an instant', () => {
  it('are the ended, the current and the next one of the department, else of the site', () => {
    const early9 = { ended: shiftOf(-16), current: shiftOf(8), next: shiftOf(32) }
    expect(calendars.shiftsAround('packing', at(9))).toEqual(early9)
    expect(calendars.shiftsAround('store', at(9))).toEqual({ ended: shiftOf(-10), next: shiftOf(14) })
    expect(calendars.shiftsAround('packing', at(15.9))).toEqual(early9)
    expect(calendars.shiftsAround('packing', at(16))).toEqual({ ended: shiftOf(8), next: shiftOf(32) })
    expect(calendars.shiftsAround('packing', at(32))).toEqual({
      ended: shiftOf(8),
      current: shiftOf(32),
      next: shiftOf(56),
    })
    expect(calendars.shiftsAround('packing', at(7.9))).toEqual({ ended: shiftOf(-16), next: shiftOf(8) })
  })

  it('are found once until one of them begins or ends', () => {
    const found = calendars.shiftsAround('packing', at(9))
    expect(calendars.shiftsAround('packing', at(9))).toBe(found)
    expect(calendars.shiftsAround('packing', at(15.9))).toBe(found)
  })

  it('of shifts without a gap change when the next one begins', () => {
    const week = {
      1: [
        { from: '08:00', to: '16:00' },
        { from: '16:00', to: '23:00' },
      ],
    }
    const twoShifts = new SiteCalendars([{ ...early, versions: [{ timeZone: 'UTC', week, holidays: [] }] }], {
      site: 'early',
      departments: {},
    })
    const [first, second] = [shiftOf(8), { start: at(16), end: at(23) }]
    expect(twoShifts.shiftsAround('store', at(9))).toMatchObject({ current: first, next: second })
    expect(twoShifts.shiftsAround('store', at(16))).toMatchObject({ ended: first, current: second })
  })

  it('are none where no calendar is chosen', () => {
    expect(new SiteCalendars([early]).shiftsAround('store', at(9))).toEqual({})
  })
})

it('the shifts that have ended are those of the department, and none where no calendar is chosen', () => {
  expect(calendars.shiftsEnded('store', at(22) - dayMs, at(22))).toEqual([shiftOf(14)])
  expect(calendars.shiftsEnded('packing', at(16) - dayMs, at(22))).toEqual([shiftOf(8)])
  expect(new SiteCalendars([early]).shiftsEnded('store', at(0), at(22))).toEqual([])
})
