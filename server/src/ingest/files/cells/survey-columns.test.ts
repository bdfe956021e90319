import { expect, test } from 'vitest'
import type { TableRecord } from '../../tables/table-file.ts'
import { CellCounts } from './cell-counts.ts'
import { joinedTime } from './joined-time.ts'
import { ColumnSurvey } from './survey-columns.ts'
import { ZonedClock } from './zoned-clock.ts'
import { eventFileColumns, eventRowReader } from '../event-row.ts'

/** Reads the lines of a file without a trailing newline, as an import does. */
function read(header: string, lines: readonly string[], zone = 'Europe/Berlin') {
  const names = header.split(',')
  const rules = { clock: new ZonedClock(zone) }
  const records = lines.map((text, i): TableRecord => ({
    row: i + 1,
    line: i + 2,
    cells: text.split(','),
    hasLineEnd: i < lines.length - 1,
  }))
  const survey = new ColumnSurvey(eventFileColumns(names), names.length, rules)
  for (const record of records) survey.add(record)
  const counts = new CellCounts()
  const reader = eventRowReader(names, { ...rules, as: 'completed', readings: survey.readings(), counts })
  return { outcomes: records.map((record) => reader.read(record)), remarks: counts.remarks() }
}

test('a day in the last cell of a file, where all others have a time, was cut', () => {
  const { outcomes } = read('order_id,stage,timestamp', [
    'A,pick,2026-11-03 08:00',
    'A,pack,2026-11-13 09:00',
    'A,ship,2026-11-1',
  ])
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, false])
  expect(outcomes[2]).toMatchObject({
    rejection: {
      code: 'invalid_time',
      field: 'timestamp',
      message: expect.stringContaining('the file ends within it'),
    },
  })
})

test('an optional time that was cut is left out', () => {
  const lines = Array.from({ length: 10 }, (_, i) => `A,pick,2026-11-03 08:1${i},2026-11-20 08:00:00`)
  const { outcomes, remarks } = read('order_id,stage,timestamp,due_at', [
    ...lines,
    'A,ship,2026-11-04 08:00,2026-11-20 08:00',
  ])
  expect(outcomes.at(-1)).toMatchObject({ ok: true, value: { promisedAt: undefined } })
  expect(remarks).toMatchObject([{ column: 'due_at', cause: 'unreadable', count: 1 }])
})

test('days alone, and times of any length, are whole without a line end', () => {
  const days = read('order_id,stage,timestamp', ['A,pick,2026-11-03', 'A,pack,2026-11-1'])
  const times = read('order_id,stage,timestamp', ['A,pick,2026/11/13 10:05', 'A,pack,2026/11/3 8:05'])
  expect([...days.outcomes, ...times.outcomes].every(({ ok }) => ok)).toBe(true)
})

test('work that began in the hour that comes twice ends in the same of the two', () => {
  const { outcomes, remarks } = read('order_id,stage,timestamp,started_at', [
    'A,pick,2025-10-26 02:50,2025-10-26 02:40',
    'A,pack,2025-10-26 02:30,2025-10-26 02:20',
    'A,ship,2025-10-26 03:30,2025-10-26 03:10',
  ])
  expect(outcomes).toMatchObject([
    { value: { occurredAt: Date.UTC(2025, 9, 26, 0, 50), startedAt: Date.UTC(2025, 9, 26, 0, 40) } },
    { value: { occurredAt: Date.UTC(2025, 9, 26, 1, 30), startedAt: Date.UTC(2025, 9, 26, 1, 20) } },
    { value: { occurredAt: Date.UTC(2025, 9, 26, 2, 30), startedAt: Date.UTC(2025, 9, 26, 2, 10) } },
  ])
  expect(remarks.map(({ column, cause, count }) => [column, cause, count])).toEqual([
    ['timestamp', 'fold', 2],
    ['started_at', 'fold', 2],
  ])
})

test('the hour that comes twice is told apart too where the column decides on the order of dates', () => {
  const { outcomes } = read('order_id,stage,timestamp', [
    'A,pick,26.10.2025 02:50',
    'A,pack,26.10.2025 02:30',
    'A,ship,05.11.2025 08:00',
  ])
  expect(outcomes).toMatchObject([
    { value: { occurredAt: Date.UTC(2025, 9, 26, 0, 50) } },
    { value: { occurredAt: Date.UTC(2025, 9, 26, 1, 30) } },
    { value: { occurredAt: Date.UTC(2025, 10, 5, 7) } },
  ])
})

test.for([
  ['2026-11-03', '14:05', '2026-11-03 14:05'],
  ['03.11.2026', '2:05 PM', '03.11.2026 2:05 PM'],
  ['2026-11-03 00:00:00', '1899-12-30 14:05:00', '2026-11-03 14:05:00'],
  ['20261103', '140500', '20261103 14:05:00'],
  ['20261103', '80500', '20261103 08:05:00'],
  ['2026-11-03', '1405', '2026-11-03 14:05'],
  ['46329', '0.58680556', '46329.58680556'],
  ['2026-11-03', '0.58680556', '2026-11-03 14:05:00'],
  ['2026-11-03', '', '2026-11-03'],
  ['', '14:05', ''],
  ['2026-11-03', '14', '2026-11-03 14'],
] as const)('the date %s and the time %s are %s', ([date, time, joined]) => {
  expect(joinedTime(date, time)).toBe(joined)
})
