import { describe, expect, test } from 'vitest'
import { timePattern } from './time-pattern.ts'
import { TimeSurvey } from './time-survey.ts'
import { ZonedClock } from './zoned-clock.ts'

const berlin = new ZonedClock('Europe/Berlin')

/** Surveys a column of cells, each of an order and stage such as `SO-1 pick: 2026-11-03`, in lines from 2 on. */
function survey(cells: readonly string[], format?: string, clock: ZonedClock | undefined = berlin): TimeSurvey {
  const told = format === undefined ? undefined : timePattern(format)
  const times = new TimeSurvey({ clock, pattern: told?.ok === true ? told.pattern : undefined })
  for (const [i, cell] of cells.entries()) {
    const [, order = 'SO-1', stage = '', text = cell] = /^(\S+) (\S+): (.*)$/.exec(cell) ?? []
    times.add({ row: i + 1, line: i + 2, order, stage, text })
  }
  return times
}

const findings = (...cells: readonly string[]) => survey(cells).findings()

test('formats are counted, the most frequent one first', () => {
  expect(
    findings('03.11.2026', '20.11.2026', '2026-11-03', '1793685900', '1793685901', '1793685902', '3 Nov 2026').shapes,
  ).toEqual([
    { shape: 'epoch s', rows: 3 },
    { shape: 'dd.MM.yyyy', rows: 2 },
    { shape: 'month name', rows: 1 },
    { shape: 'year first', rows: 1 },
  ])
  expect(findings('2026-11-03', '2026年11月3日', '2026-11-04').shapes).toEqual([{ shape: 'year first', rows: 3 }])
  expect(survey(['03.11.2026 08:00', '2026-11-03'], 'dd.MM.yyyy HH:mm').findings().shapes).toEqual([
    { shape: 'dd.MM.yyyy HH:mm', rows: 1 },
    { shape: 'year first', rows: 1 },
  ])
})

describe('dates that may be read in several ways', () => {
  test('are told with their form until one decides', () => {
    const open = findings('03.11.2026', '11.11.2026', '04.11.2026 08:00')
    expect(open).toMatchObject({
      shapes: [{ shape: 'n.n.yyyy', rows: 3 }],
      undecided: [{ form: 'n.n.yyyy', doubt: 'ambiguous', openRows: 2 }],
      dateRows: 2,
      span: undefined,
      local: undefined,
      unreadableRows: 0,
      examples: [{ line: 2, value: '03.11.2026' }, { line: 4, value: '04.11.2026 08:00' }], // prettier-ignore
    })
    expect(findings('11.11.2026').undecided).toEqual([])
  })

  test('have the span of the order that is valid', () => {
    expect(findings('03.11.2026', '20.11.2026')).toMatchObject({
      undecided: [],
      local: { rows: 2, zone: 'Europe/Berlin' },
      span: { earliestAt: Date.UTC(2026, 10, 2, 23), latestAt: Date.UTC(2026, 10, 19, 23) },
    })
    expect(survey(['03.11.2026'], 'MM.dd.yyyy').findings()).toMatchObject({
      span: { earliestAt: Date.UTC(2026, 2, 10, 23) },
    })
  })

  test('have the order of the format that was told, also in other forms', () => {
    const { undecided, shapes } = survey(['03/11/2026', '03-11-2026'], 'dd/MM/yyyy').findings()
    expect(undecided).toEqual([])
    expect(shapes).toEqual([
      { shape: 'dd/MM/yyyy', rows: 1 },
      { shape: 'dd-MM-yyyy', rows: 1 },
    ])
  })

  test('that exist in no order are unreadable', () => {
    expect(findings('31.02.2026', '20.11.2026')).toMatchObject({ unreadableRows: 1, dateRows: 1 })
    expect(findings('31.12.9999', '20.11.2026')).toMatchObject({ placeholderRows: 1, unreadableRows: 0, dateRows: 1 })
  })
})

test('whole day numbers are days unless others have a time', () => {
  expect(findings('46329', '46330')).toMatchObject({ dateRows: 2, areRounded: false })
  expect(findings('46329', '46330.5')).toMatchObject({ dateRows: 0, areRounded: true })
  expect(findings('46329', '46330.33333')).toMatchObject({ dateRows: 0, areRounded: false })
  expect(findings('46329.3333', '46330.5')).toMatchObject({ areRounded: true })
})

test('cells that are no times are unreadable, and those that stand for none are not', () => {
  expect(findings('soon', '14:05', '2026-02-30', '1753-01-01', '0', '3 lis 2024', '2026-11-03')).toMatchObject({
    unreadableRows: 4,
    placeholderRows: 2,
    dateRows: 1,
    examples: [{ line: 2 }, { line: 3 }, { line: 4 }, { line: 7 }],
  })
  expect(survey(['2026-11-03'], undefined, new ZonedClock('UTC')).findings().unreadableRows).toBe(0)
})

test('five cells are examples', () => {
  expect(findings('a', 'b', 'c', 'd', 'e', 'f').examples.map(({ value }) => value)).toEqual(['a', 'b', 'c', 'd', 'e'])
})

test('the span is from the earliest to the latest of all cells that were read', () => {
  const at = (hour: number) => Date.UTC(2026, 10, 3, hour)
  expect(findings('2026-11-03T10:00Z', '2026-11-03T08:00Z', '2026-11-03T09:00Z').span).toEqual({
    earliestAt: at(8),
    latestAt: at(10),
  })
  expect(findings('2026-11-03T10:00Z').span).toEqual({ earliestAt: at(10), latestAt: at(10) })
  expect(findings('soon').span).toBeUndefined()
})

describe('hours around a change of the clocks', () => {
  test('are counted, and the rows of the second one are found in all formats', () => {
    const times = survey([
      'C a: 2025-03-30 02:30',
      'A a: 2025-10-26 02:50',
      'A a: 2025-10-26 02:40',
      'B a: 26.10.2025 02:50',
      'B a: 26.10.2025 02:40',
      'B a: 26.10.2025 04:40',
      'A a: 2025-10-26 05:40',
    ])
    expect(times.findings()).toMatchObject({ foldRows: 4, gapRows: 1, local: { rows: 7 } })
    expect([...times.laterRows()]).toEqual([3, 5])
  })

  test('of an order of dates that is not valid do not count', () => {
    expect(findings('10/26/2025 02:30', '10/27/2025 02:30')).toMatchObject({ foldRows: 1, gapRows: 0 })
    expect(findings('03/30/2025 02:30', '30/03/2025 02:30')).toMatchObject({ foldRows: 0, gapRows: 0 })
  })
})

test('the direction of the rows is that of all formats that are valid', () => {
  const direction = (...cells: readonly string[]) => survey(cells).direction()
  const mixed = direction(
    'A pick: 2026-11-05',
    'A pack: 2026-11-04',
    'A ship: 2026-11-04',
    'B pick: 20.11.2026',
    'B pack: 19.11.2026',
    'B ship: 18.11.2026',
  )
  expect(mixed).toEqual({
    orderVotes: -2,
    neighbourVotes: -3,
    pairs: [{ above: 'pack', below: 'ship', count: 1 }],
  })
  expect(direction('A pick: 03.11.2026', 'A pack: 04.11.2026')).toEqual({ orderVotes: 0, neighbourVotes: 0, pairs: [] })
})

test('a cell that decides alone is returned', () => {
  const times = new TimeSurvey({ clock: berlin, pattern: undefined })
  const add = (text: string) => times.add({ row: 1, line: 2, order: 'A', stage: '', text })?.at
  expect([add('2026-11-03T08:00Z'), add('1793685900'), add('03.11.2026'), add('soon'), add('0')]).toEqual([
    Date.UTC(2026, 10, 3, 8),
    1_793_685_900_000,
    undefined,
    undefined,
    undefined,
  ])
})
