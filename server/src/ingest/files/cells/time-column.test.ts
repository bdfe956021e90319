import { expect, test } from 'vitest'
import { TimeReading } from './time-column.ts'
import { timePattern } from './time-pattern.ts'
import { TimeSurvey } from './time-survey.ts'
import { ZonedClock } from './zoned-clock.ts'

const shanghai = new ZonedClock('Asia/Shanghai')
const berlin = new ZonedClock('Europe/Berlin')

function pattern(text: string | undefined) {
  if (text === undefined) return undefined
  const outcome = timePattern(text)
  if (!outcome.ok) throw new Error(outcome.message)
  return outcome.pattern
}

function shown(reading: TimeReading, text: string, endOfDay?: boolean): string {
  const time = reading.read(text, endOfDay)
  return time.ok ? new Date(time.at).toISOString() : `${time.cause}: ${time.message}`
}

function alone(text: string, clock?: ZonedClock, endOfDay?: boolean): string {
  return shown(new TimeReading({ clock, pattern: undefined }, undefined), text, endOfDay)
}

function survey(cells: readonly string[], format?: string, clock: ZonedClock = shanghai): TimeSurvey {
  const times = new TimeSurvey({ clock, pattern: pattern(format) })
  for (const [i, text] of cells.entries()) times.add({ row: i + 1, line: i + 2, order: `SO-${i}`, stage: '', text })
  return times
}

/** Reads the cells of one column. */
function column(cells: readonly string[], format?: string, clock?: ZonedClock): string[] {
  const reading = survey(cells, format, clock).reading()
  return cells.map((text) => shown(reading, text))
}

test.for([
  ['2026-01-02T08:05:00Z', '2026-01-02T08:05:00.000Z'],
  ['2026-01-02t08:05:00.276+02:00', '2026-01-02T06:05:00.276Z'],
  ['2010-12-30 14:32:00+01:00', '2010-12-30T13:32:00.000Z'],
  ['2010-12-30 14:32:00.123456-0330', '2010-12-30T18:02:00.123Z'],
  ['2010-12-30 14:32:00 UTC', '2010-12-30T14:32:00.000Z'],
  ['2026/1/2 8:05+08', '2026-01-02T00:05:00.000Z'],
  ['2024-02-29T23:59:60Z', '2024-03-01T00:00:00.000Z'],
  ['2026-01-01T24:00:00Z', '2026-01-02T00:00:00.000Z'],
  ['2026-11-03T14:05:00+08:00[Asia/Shanghai]', '2026-11-03T06:05:00.000Z'],
  ['2026-11-03T14:05:00[Asia/Shanghai]', '2026-11-03T06:05:00.000Z'],
  ['Tue Nov 03 14:05:00 CET 2026', '2026-11-03T13:05:00.000Z'],
  ['Tue Nov 03 2026 14:05:00 GMT+0800 (China Standard Time)', '2026-11-03T06:05:00.000Z'],
  ['Tue, 03 Nov 2026 14:05:00 GMT', '2026-11-03T14:05:00.000Z'],
  ['03/Nov/2026:14:05:00 +0100', '2026-11-03T13:05:00.000Z'],
  ['20261103T140500Z', '2026-11-03T14:05:00.000Z'],
  ['2026-11-03 14:05 UTC+8', '2026-11-03T06:05:00.000Z'],
] as const)('%s is %s', ([text, instant]) => {
  expect(alone(text)).toBe(instant)
})

test.for([
  ['2026/1/2 8:05', shanghai, '2026-01-02T00:05:00.000Z'],
  ['2026-01-02', shanghai, '2026-01-01T16:00:00.000Z'],
  ['2026-07-01 00:00', berlin, '2026-06-30T22:00:00.000Z'],
  ['2026-03-29 01:59:59', berlin, '2026-03-29T00:59:59.000Z'],
  ['2026-03-29 02:30', berlin, '2026-03-29T01:30:00.000Z'],
  ['2026-10-25 02:30', berlin, '2026-10-25T00:30:00.000Z'],
  ['2026-10-25 03:00', berlin, '2026-10-25T02:00:00.000Z'],
  ['2026-04-05 01:45', new ZonedClock('Australia/Lord_Howe'), '2026-04-04T14:45:00.000Z'],
] as const)('%s without offset is meant in the zone that was given', ([text, clock, instant]) => {
  expect(alone(text, clock)).toBe(instant)
})

test.for([
  '2026年11月3日 14:05',
  '2026年11月3日 下午2:05',
  '2026年11月3日下午2点05分',
  '2026年11月3日 星期二 14:05',
  '2026/11/3(周二) 14:05',
  '2026/11/3 14时05分00秒',
  '2026-11-03 02:05:00 PM',
  '2026-11-03 2:05 p. m.',
  '2026/11/03 PM 2:05',
  '2026.11.03 14:05',
  '2026. 11. 3. 오후 2:05',
  '20261103140500',
  '202611031405',
  '20261103 140500',
  '2026-11-03-14.05.00.000000',
  '03-NOV-26 02.05.00.000000000 PM',
  '3. November 2026 um 14:05',
  '3. November 2026, 14:05 Uhr',
  '3 nov. 2026, 14:05',
  '3 de noviembre de 2026 14:05',
  'mar. 3 nov. 2026 14h05',
  'November 3, 2026 at 2:05 PM',
  'Nov 3, 2026 2:05 pm',
  '2026-Nov-03 14:05',
  '14:05 3 Nov 2026',
  '２０２６－１１－０３ １４：０５',
  '2026-11-03\u00A0\u202F14:05',
  '3 novembro 2026 14:05',
  '3 de novembro de 2026 às 14:05',
  'terça-feira, 3 de novembro de 2026 14:05',
  'ter., 3 nov. 2026, 14h05',
  '3 ноября 2026 г., 14:05',
  '3 ноября 2026 г. в 14:05',
  'вторник, 3 ноября 2026 14:05',
  '3 нояб. 2026 14:05',
] as const)('%s says the same time in another way', (text) => {
  expect(alone(text, shanghai)).toBe('2026-11-03T06:05:00.000Z')
})

test.for([
  ['5 mar 2024', '2024-03-05'],
  ['12 de março de 2024', '2024-03-12'],
  ['1º de março de 2024', '2024-03-01'],
  ['5 марта 2024', '2024-03-05'],
  ['5 мая 2024 г.', '2024-05-05'],
  ['5 marca 2024 r.', '2024-03-05'],
  ['poniedziałek, 15 stycznia 2024', '2024-01-15'],
  ['15 sty 2024', '2024-01-15'],
  ['2024-paź-05', '2024-10-05'],
] as const)('%s is the day %s', ([text, day]) => {
  expect(alone(text, new ZonedClock('UTC'))).toBe(`${day}T00:00:00.000Z`)
})

test.for([
  ['3 lis 2024 14:05', 'lis', 'October in Croatian and November in Polish'],
  ['3 listopada 2024', 'listopada', 'October in Croatian and November in Polish'],
  ['3-LIP-24', 'LIP', 'June in Croatian and July in Polish'],
  ['2024-lip-03', 'lip', 'June in Croatian and July in Polish'],
] as const)('%s is not read, because %s is %s', ([text, name, meanings]) => {
  expect(alone(text, shanghai)).toMatch(
    new RegExp(`^unreadable: ${text} names a month by ${name}, which is ${meanings};`),
  )
})

test.for([
  ['2026/11/3 12:05 AM', '2026-11-02T16:05:00.000Z'],
  ['2026/11/3 12:05 PM', '2026-11-03T04:05:00.000Z'],
  ['2026/11/3 凌晨12:05', '2026-11-02T16:05:00.000Z'],
  ['2026/11/3 中午12:05', '2026-11-03T04:05:00.000Z'],
  ['2026/11/3 晚上8:05', '2026-11-03T12:05:00.000Z'],
  ['2026/11/3 上午11:05', '2026-11-03T03:05:00.000Z'],
] as const)('%s is %s', ([text, instant]) => {
  expect(alone(text, shanghai)).toBe(instant)
})

test('a day as a promise lasts until its end, in any form', () => {
  for (const text of ['2026-01-02', '2026年1月2日', '2 Jan 2026', '20260102'])
    expect([text, alone(text, shanghai, true)]).toEqual([text, '2026-01-02T15:59:59.999Z'])
  expect(alone('2026-01-02 08:00', shanghai, true)).toBe('2026-01-02T00:00:00.000Z')
})

test.for([
  ['2026-01-02 08:05:00', 'no offset from UTC; say with --timezone'],
  ['2026-01-02', 'no offset from UTC; say with --timezone'],
  ['02/01/2026 08:05', 'leaves open which is the day and which the month; say with --time-format'],
  ['2.1.26', 'leaves open'],
  ['2026-02-30T00:00:00Z', 'does not exist'],
  ['2026-13-01T00:00:00Z', 'does not exist'],
  ['2026-01-01T24:01:00Z', 'does not exist'],
  ['2026-01-01T00:00:00+25:00', 'offset that does not exist'],
  ['2026-01/02T00:00:00Z', 'is no time'],
  ['46024.5', 'is no time'],
  ['1767312300000', 'is no time'],
  ['31.02.2026', 'does not exist'],
  ['2026-11-03 14:05 AM', 'does not exist'],
  ['2026-11-03 13 AM', 'does not exist'],
  ['2026-11-03 晚上12:05', 'does not exist'],
  ['2026-11-03 14:05 CST', 'names the zone CST, which may be several'],
  ['2026-11-03 14:05[Europe/Atlantis]', 'names a zone that does not exist'],
  ['2026-11-03-14', 'is no time'],
  ['20261103-140', 'is no time'],
  ['2026-11-03 14:0', 'is no time'],
  ['14:05', 'is a time of day without a date'],
  ['03 Foo 2026', 'is no time'],
] as const)('%s is refused: %s', ([text, reason]) => {
  expect(alone(text)).toContain(reason)
})

test('a cell that leaves one order only proves it for its column', () => {
  expect(column(['03.11.2026 14:05', '20.11.2026 14:05'])).toEqual([
    '2026-11-03T06:05:00.000Z',
    '2026-11-20T06:05:00.000Z',
  ])
  expect(column(['03/11/2026', '03/20/2026'])).toEqual(['2026-03-10T16:00:00.000Z', '2026-03-19T16:00:00.000Z'])
  expect(column(['3-1-2026 2:05 PM', '31-1-2026 2:05 AM'])).toEqual([
    '2026-01-03T06:05:00.000Z',
    '2026-01-30T18:05:00.000Z',
  ])
})

test('a column that proves no order is refused, apart from days with the number of their month', () => {
  const [open, same] = column(['03.11.2026', '11.11.2026'])
  expect(open).toContain('ambiguous: 03.11.2026 leaves open')
  expect(open).toContain('--time-format whether it is dd.MM.yyyy or MM.dd.yyyy')
  expect(same).toBe('2026-11-10T16:00:00.000Z')
})

test('in a column that contradicts itself each cell stands for itself', () => {
  const [day, month, open] = column(['20/11/2026', '11/20/2026', '03/11/2026'])
  expect([day, month]).toEqual(['2026-11-19T16:00:00.000Z', '2026-11-19T16:00:00.000Z'])
  expect(open).toContain('other cells of the column contradict each other')
})

test('of two digits the number that changes is no year', () => {
  const daysOf = (write: (day: string) => string) =>
    column(['03', '04', '05', '06', '07', '08', '09', '25'].map(write)).map((time) => time.slice(0, 10))
  expect(daysOf((day) => `${day}/11/26`)).toContain('2026-11-24')
  expect(daysOf((day) => `26/11/${day}`)).toContain('2026-11-24')
  expect(daysOf((day) => `11/${day}/26`)).toContain('2026-11-24')
  expect(column(['03/11/26'])[0]).toContain('dd/MM/yy or MM/dd/yy or yy/MM/dd')
})

test('a format that was told decides what it covers, and the order of what is written otherwise', () => {
  expect(column(['03.11.2026 14:05', '04.11.2026'], 'dd.MM.yyyy HH:mm')).toEqual([
    '2026-11-03T06:05:00.000Z',
    '2026-11-03T16:00:00.000Z',
  ])
  expect(column(['11/03/2026'], 'MM/dd/yyyy')).toEqual(['2026-11-02T16:00:00.000Z'])
  expect(column(['31/12/2026'], 'MM/dd/yyyy')).toEqual(['unreadable: 31/12/2026 does not exist'])
  expect(column(['2026-03-11'], 'yyyy-dd-MM')).toEqual(['2026-11-02T16:00:00.000Z'])
})

test('numbers are day numbers of Excel, or counted from 1970', () => {
  expect(column(['46329.3333', '46329,58680556', '46329'])).toEqual([
    '2026-11-03T00:00:00.000Z',
    '2026-11-03T06:05:00.000Z',
    '2026-11-02T16:00:00.000Z',
  ])
  const instant = '2026-11-03T06:05:00.123Z'
  expect(column(['1793685900.123', '1793685900123', '1793685900123456', '1793685900123456789'])).toEqual(
    Array.from({ length: 4 }, () => instant),
  )
  expect(column(['1234', '463299', '17936859001'])).toEqual([
    expect.stringContaining('is no time'),
    expect.stringContaining('is no time'),
    expect.stringContaining('is no time'),
  ])
})

test('zeros that a day number does not show are told from the others', () => {
  expect(column(['46211.665', '46211.33333333'])).toEqual(['2026-07-08T07:57:36.000Z', '2026-07-08T00:00:00.000Z'])
  expect(survey(['46211.665', '46211.33333333']).findings().areRounded).toBe(false)
  expect(column(['46211.665', '46211.5'])).toEqual(['2026-07-08T07:58:00.000Z', '2026-07-08T04:00:00.000Z'])
  expect(survey(['46211.665', '46211.5']).findings().areRounded).toBe(true)
})

test('a whole day number is a day where no other has a time', () => {
  expect(shown(survey(['46329', '46330']).reading(), '46329', true)).toBe('2026-11-03T15:59:59.999Z')
  expect(shown(survey(['46329', '46330.5']).reading(), '46329', true)).toBe('2026-11-02T16:00:00.000Z')
})

test.for([
  '1753-01-01',
  '1753-01-01 00:00:00.000',
  '01.01.1753',
  '1900-01-01T00:00:00Z',
  '1900/1/1',
  '1899-12-30 00:00:00',
  '1899-12-31T16:00:00Z',
  '0001-01-01',
  '01.01.0001 00:00:00',
  '1 Jan 0001',
  '1970-01-01 00:00',
  '1970-01-01T00:00:00Z',
  '1970-01-01 08:00:00',
  '9999-12-31',
  '31.12.9999',
  '12/31/9999 23:59:59',
  '9999年12月31日',
  '0000-00-00',
  '0000-00-00 00:00:00',
  '00.00.0000',
  '00000000',
  '0',
  '0.0',
  '99991231',
  '2958465',
  '1900-01-00',
  '1/0/1900',
  '1601-01-01T00:00:00Z',
  '-62135596800',
  '253402300799999',
  '0000-01-01',
] as const)('%s stands for no date', (text) => {
  // prettier-ignore
  expect(column([text])[0]).toMatch(/^placeholder: .* stands for no date$/)
  expect(survey([text]).findings()).toMatchObject({ placeholderRows: 1, unreadableRows: 0, dateRows: 0, shapes: [] })
})

test('times with an offset or a zone of their own are not read in the zone of the file', () => {
  const told = ['2026-05-01T08:00:00Z', '2026-05-01 08:00:00+02:00', '1777622400']
  expect(survey(told, undefined, berlin).findings()).toMatchObject({ local: undefined, unreadableRows: 0 })
  expect(survey([...told, '2026-05-01 08:00'], undefined, berlin).findings().local).toEqual({
    rows: 1,
    zone: 'Europe/Berlin',
  })
})

test('what a column holds is counted', () => {
  const cells = [
    '2026-03-29 02:30',
    '2026-10-25 02:30',
    '2026-05-01',
    '20.05.2026',
    '1753-01-01',
    'soon',
    '2026年5月1日 8:00',
  ]
  const findings = survey(cells, undefined, berlin).findings()
  expect(findings).toEqual({
    shapes: [
      { shape: 'year first', rows: 4 },
      { shape: 'dd.MM.yyyy', rows: 1 },
    ],
    undecided: [],
    dateRows: 2,
    gapRows: 1,
    foldRows: 1,
    local: { rows: 5, zone: 'Europe/Berlin' },
    areRounded: false,
    placeholderRows: 1,
    unreadableRows: 1,
    examples: [
      { line: 2, value: '2026-03-29 02:30' },
      { line: 3, value: '2026-10-25 02:30' },
      { line: 7, value: 'soon' },
    ],
    span: { earliestAt: Date.UTC(2026, 2, 29, 1, 30), latestAt: Date.UTC(2026, 9, 25, 0, 30) },
  })
})
