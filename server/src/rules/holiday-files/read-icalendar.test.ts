import { expect, test } from 'vitest'
import { readIcalendar } from './read-icalendar.ts'

const throughYear = 2028

function calendarOf(...events: readonly (readonly string[])[]): string {
  const written = events.flatMap((lines) => ['BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT'])
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', ...written, 'END:VCALENDAR', ''].join('\r\n')
}

/** `2026-10-01 off`, `2026-10-10 on` and so on. */
function days(...events: readonly (readonly string[])[]): string[] {
  const file = readIcalendar(calendarOf(...events), throughYear)
  if (!file.ok) throw new Error(JSON.stringify(file.problems))
  return file.list.days.map(({ date, working }) => `${date} ${working ? 'on' : 'off'}`)
}

function problems(text: string): string[] {
  const file = readIcalendar(text, throughYear)
  return file.ok ? [] : file.problems.map(({ line, field, message }) => `${line ?? ''} ${field}: ${message}`)
}

const firstOfOctober = 'DTSTART;VALUE=DATE:20261001'

test('the end of an event is not part of it', () => {
  expect(days(['SUMMARY:国庆节假期', firstOfOctober, 'DTEND;VALUE=DATE:20261004'])).toEqual([
    '2026-10-01 off',
    '2026-10-02 off',
    '2026-10-03 off',
  ])
})

test('an event without an end, or with the end at its beginning, is one day', () => {
  expect(days([firstOfOctober])).toEqual(['2026-10-01 off'])
  expect(days([firstOfOctober, 'DTEND;VALUE=DATE:20261001'])).toEqual(['2026-10-01 off'])
  expect(days([firstOfOctober, 'DURATION:P2D'])).toEqual(['2026-10-01 off', '2026-10-02 off'])
})

test.for([
  'SUMMARY:上班(补国庆节假期)',
  'SUMMARY:国庆节 补班 第1天/共1天',
  'SUMMARY:国庆节（班）',
  'SUMMARY:班',
  'SUMMARY:National Day make-up workday',
  'SUMMARY:Special Working Day',
  'CATEGORIES:补班',
  'X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY',
])('%s is a make-up working day', (line) => {
  expect(days([line, firstOfOctober])).toEqual(['2026-10-01 on'])
})

test.for([
  'SUMMARY:国庆节（休）',
  'SUMMARY:不上班',
  'SUMMARY:值班安排',
  "SUMMARY:International Workers' Day",
  'SUMMARY:Non-working day',
])('%s is a day off', (line) => {
  expect(days([line, firstOfOctober])).toEqual(['2026-10-01 off'])
})

test('folded lines and escaped characters of a name are put together', () => {
  const file = readIcalendar(calendarOf(['SUMMARY:中秋', ' 节\\, 国', '\t庆节', firstOfOctober]), throughYear)
  expect(file).toMatchObject({ ok: true, list: { days: [{ name: '中秋节, 国庆节' }] } })
})

test('a file with bare line feeds is read as well', () => {
  const text = calendarOf(['SUMMARY:国庆节', firstOfOctober]).replaceAll('\r\n', '\n')
  expect(readIcalendar(`\uFEFF${text}`, throughYear)).toMatchObject({ ok: true })
})

test('an event that returns every year is taken up to the year that was asked for', () => {
  expect(days(['DTSTART;VALUE=DATE:19491003', 'RRULE:FREQ=YEARLY;INTERVAL=20;BYMONTH=10;BYMONTHDAY=3'])).toEqual([
    '1989-10-03 off',
    '2009-10-03 off',
  ])
})

test('a yearly event ends with its count or its last day, and leaves its exceptions out', () => {
  expect(days([firstOfOctober, 'RRULE:FREQ=YEARLY;COUNT=2'])).toEqual(['2026-10-01 off', '2027-10-01 off'])
  expect(days([firstOfOctober, 'RRULE:FREQ=YEARLY;UNTIL=20271001'])).toHaveLength(2)
  expect(days([firstOfOctober, 'RRULE:FREQ=YEARLY', 'EXDATE;VALUE=DATE:20271001'])).toEqual([
    '2026-10-01 off',
    '2028-10-01 off',
  ])
})

test('29 February returns in leap years only', () => {
  expect(days(['DTSTART;VALUE=DATE:20240229', 'RRULE:FREQ=YEARLY'])).toEqual(['2024-02-29 off', '2028-02-29 off'])
})

test('what was cancelled, and the alarms of an event, do not count', () => {
  const alarm = ['BEGIN:VALARM', 'DURATION:PT15M', 'END:VALARM']
  expect(days([firstOfOctober, ...alarm], ['DTSTART;VALUE=DATE:20261002', 'STATUS:CANCELLED'])).toEqual([
    '2026-10-01 off',
  ])
})

test('days around New Year do not make their year known', () => {
  const file = readIcalendar(calendarOf(['DTSTART;VALUE=DATE:20221231', 'DURATION:P3D'], [firstOfOctober]), throughYear)
  expect(file).toMatchObject({ ok: true, list: { years: [2026] } })
})

test.for([
  [['SUMMARY:x'], '3 DTSTART: is missing'],
  [['DTSTART:20261001T080000Z'], '5 DTSTART: must be the date of an all-day event, such as ;VALUE=DATE:20261001'],
  [['DTSTART;VALUE=DATE:20260230'], '5 DTSTART: must be the date of an all-day event, such as ;VALUE=DATE:20261001'],
  [[firstOfOctober, 'DTEND;VALUE=DATE:20260930'], '6 DTEND: lies before DTSTART'],
  [[firstOfOctober, 'DTEND;VALUE=DATE:20361001'], '6 DTEND: is more than 366 days after DTSTART'],
  [[firstOfOctober, 'DURATION:PT5H'], '6 DURATION: must be whole days such as P1D'],
  [[firstOfOctober, 'RRULE:FREQ=WEEKLY'], '6 RRULE: only FREQ=YEARLY is supported'],
  [[firstOfOctober, 'RRULE:FREQ=YEARLY;BYDAY=1MO'], '6 RRULE: BYDAY=1MO is not supported'],
  [[firstOfOctober, 'RRULE:FREQ=YEARLY;INTERVAL=0'], '6 RRULE: INTERVAL=0 is not supported'],
  [[firstOfOctober, 'RDATE;VALUE=DATE:20261101'], '6 RDATE: is not understood'],
  [[firstOfOctober, 'EXDATE:20261101T000000Z'], '6 EXDATE: must be dates such as 20261001'],
  [['DTSTART;VALUE=DATE:21000101'], '3 DTSTART: 2100-01-01 is later than 2099'],
  [[firstOfOctober, 'no colon'], '6 : is not a line of an iCalendar file'],
] as const)('%j is refused: %s', ([event, problem]) => {
  expect(problems(calendarOf(event))).toEqual([problem])
})

test('a date that is a day off and a working day is refused', () => {
  expect(problems(calendarOf([firstOfOctober], ['SUMMARY:补班', firstOfOctober]))).toEqual([
    '7 DTSTART: 2026-10-01 is both a day off and a working day',
  ])
})

test('a file that was cut off is refused, and so is one of another kind', () => {
  expect(problems(calendarOf([firstOfOctober]).replace(/END:VEVENT[^]*/, ''))).toEqual([
    '5 VEVENT: the file ends within it',
  ])
  expect(problems(calendarOf())).toEqual([' : there are no holidays in it'])
  expect(problems('date,name')).toEqual(['1 : is not a line of an iCalendar file'])
  expect(problems('')).toEqual([' : there are no holidays in it'])
  expect(problems('BEGIN:VCARD')).toEqual(['1 BEGIN: BEGIN:VCALENDAR is expected here'])
  expect(problems('BEGIN:VCALENDAR\nEND:VEVENT')).toEqual([
    '2 END: VEVENT does not match the component that is open here',
  ])
})

test.for([
  [
    'many events that return since the year 1',
    1_000,
    ['DTSTART;VALUE=DATE:00010101', 'DTEND;VALUE=DATE:00020101', 'RRULE:FREQ=YEARLY'],
  ],
  [
    'one line that was folded very often',
    1,
    ['SUMMARY:x', ...Array.from({ length: 30_000 }, () => ' x'), firstOfOctober],
  ],
  ['very many lines', 1, [...Array.from({ length: 200_000 }, () => 'X:1'), firstOfOctober]],
  ['components in components', 1, Array.from({ length: 10_000 }, () => 'BEGIN:VALARM')],
  ['a mistake in every line', 1, Array.from({ length: 40_000 }, () => 'nonsense')],
] as const)('a file with %s is refused after a part of it', ([, count, lines]) => {
  const text = calendarOf(...Array.from({ length: count }, () => lines))
  const found = problems(text)
  expect(found.length).toBeGreaterThan(0)
  expect(found.length).toBeLessThanOrEqual(101)
})

test('an event that returns since long before is counted from its beginning', () => {
  expect(days(['DTSTART;VALUE=DATE:19600504', 'RRULE:FREQ=YEARLY;COUNT=12'])).toEqual([
    '1970-05-04 off',
    '1971-05-04 off',
  ])
  expect(days(['DTSTART;VALUE=DATE:19040229', 'RRULE:FREQ=YEARLY;COUNT=19'])).toEqual([
    '1972-02-29 off',
    '1976-02-29 off',
  ])
})
