import { describe, expect, it } from 'vitest'
import { alwaysOpenDefinition } from './calendar-definition.ts'
import type { Shift } from './calendar-definition.ts'
import { shiftStarts } from './shift-starts.ts'
import { plantCalendar, weekOf } from './testing/plant-calendar.ts'

/** In Shanghai; 23 November 2026 is a Monday. */
const at = (text: string) => Date.parse(`${text}:00+08:00`)

const round: readonly Shift[] = [
  { from: '06:00', to: '14:00' },
  { from: '14:00', to: '22:00' },
  { from: '22:00', to: '06:00' },
]

describe('the shift', () => {
  it.each([
    ['in the morning', '2026-11-24T09:30', '2026-11-24T08:00', '2026-11-23T08:00', '2026-11-25T08:00'],
    ['at its first instant', '2026-11-24T08:00', '2026-11-24T08:00', '2026-11-23T08:00', '2026-11-25T08:00'],
    ['in the break', '2026-11-24T12:30', '2026-11-24T08:00', '2026-11-23T08:00', '2026-11-25T08:00'],
    ['after the break', '2026-11-24T13:00', '2026-11-24T08:00', '2026-11-23T08:00', '2026-11-25T08:00'],
    ['in the evening', '2026-11-24T20:00', '2026-11-24T08:00', '2026-11-23T08:00', '2026-11-25T08:00'],
    ['at the weekend', '2026-11-29T10:00', '2026-11-27T08:00', '2026-11-26T08:00', '2026-11-30T08:00'],
  ])('of an office is that of the day, %s', (_when, now, current, previous, next) => {
    expect(shiftStarts(plantCalendar({}), at(now))).toEqual({
      current: at(current),
      previous: at(previous),
      next: at(next),
    })
  })

  it('changes where one hands over to the next, also over midnight', () => {
    const calendar = plantCalendar({ week: weekOf(round) })
    expect(shiftStarts(calendar, at('2026-11-24T14:00'))).toEqual({
      current: at('2026-11-24T14:00'),
      previous: at('2026-11-24T06:00'),
      next: at('2026-11-24T22:00'),
    })
    expect(shiftStarts(calendar, at('2026-11-25T03:00'))?.current).toBe(at('2026-11-24T22:00'))
    // The night shift that starts on Friday is the last one of the week.
    expect(shiftStarts(calendar, at('2026-11-29T12:00'))).toMatchObject({
      current: at('2026-11-27T22:00'),
      next: at('2026-11-30T06:00'),
    })
  })

  it('passes over holidays, and knows make-up days', () => {
    const days = ['28', '29', '30'].map((day) => ({ date: `2026-11-${day}`, working: day === '28' }))
    const calendar = plantCalendar({ holidays: days })
    expect(shiftStarts(calendar, at('2026-11-30T10:00'))).toMatchObject({
      current: at('2026-11-28T08:00'),
      next: at('2026-12-01T08:00'),
    })
  })

  it('goes on after a break of two hours, and not after a longer one', () => {
    const afternoon = (from: string) => [
      { from: '08:00', to: '12:00' },
      { from, to: '18:00' },
    ]
    const currentAt = (from: string) =>
      shiftStarts(plantCalendar({ week: weekOf(afternoon(from)) }), at('2026-11-24T15:00'))?.current
    expect([currentAt('14:00'), currentAt('14:01')]).toEqual([at('2026-11-24T08:00'), at('2026-11-24T14:01')])
  })

  it('is not known in the first shift of all, before which there is none', () => {
    const begun = plantCalendar({ week: {} }, { validFrom: '2026-11-24' })
    expect(shiftStarts(begun, at('2026-11-24T09:30'))).toBeUndefined()
    expect(shiftStarts(begun, at('2026-11-25T09:30'))?.previous).toBe(at('2026-11-24T08:00'))
  })

  it('is none where work goes on around the clock, or has not begun', () => {
    expect(shiftStarts(alwaysOpenDefinition, at('2026-11-24T09:30'))).toBeUndefined()
    const later = plantCalendar({ week: {} }, { validFrom: '2026-11-30' })
    expect(shiftStarts(later, at('2026-11-24T09:30'))).toBeUndefined()
  })
})
