import { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { plantCalendar } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import { expect, test } from 'vitest'
import { timeColumns } from '../engine/time-columns.ts'
import { SiteCalendars } from '../rules/site-calendars.ts'
import { closedCells } from './blank-cells.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const days = new LocalDays('Asia/Shanghai')
/** A Thursday in the plant's local time. */
const thursday = Date.UTC(2026, 10, 18, 16)
/** Calendars with an office that is closed on Saturdays and Sundays. */
const calendars = new SiteCalendars([plantCalendar({})], { departments: { office: 'plant' } })

function closed(kind: Parameters<typeof timeColumns>[0], from: number, to: number, now = to): string[] {
  const columns = timeColumns(kind, from, to, days)
  const rows = ['office', 'hall']
  return closedCells(rows, { rows: 'department' }, columns, calendars, now).map(
    ([row, column]) => `${rows[row]} ${columns.names[column]}`,
  )
}

test('a day without shifts is closed only for the departments to which the calendar applies', () => {
  expect(closed('day', thursday, thursday + 7 * dayMs)).toEqual([
    `office ${thursday + 2 * dayMs}`,
    `office ${thursday + 3 * dayMs}`,
  ])
  expect(closed('weekday', thursday, thursday + 14 * dayMs)).toEqual(['office 6', 'office 7'])
})

test('hours of the night are closed, and hours of the day are not', () => {
  const hours = closed('hourOfDay', thursday, thursday + 7 * dayMs)
  expect(hours).toContain('office 3')
  expect(hours).not.toContain('office 10')
})

test('the current state is shown on a closed day', () => {
  const saturday = thursday + 2 * dayMs
  expect(closed('day', thursday, saturday + dayMs, saturday + 9 * hourMs)).toEqual([])
})
