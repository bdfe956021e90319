import { describe, expect, test } from 'vitest'
import type { TableFile, TableRecord } from '../tables/table-file.ts'
import { findDayAndClock, findMilestoneColumns, findTimeColumns, saysNotReached } from './find-time-columns.ts'

type Row = readonly string[]

function tableOf(header: readonly string[], rows: readonly Row[], problems: readonly number[] = []): TableFile {
  const records = rows.map((cells, i): TableRecord => {
    const problem = problems.includes(i + 1) ? ({ code: 'bad_request', field: '', message: '' } as const) : undefined
    return { row: i + 1, line: i + 2, cells, problem }
  })
  return {
    header,
    batches: (async function* () {
      yield records
    })(),
    facts: { kind: 'csv', compression: undefined, rows: rows.length },
    remarks: () => [],
    sizeBytes: 0,
    readBytes: () => 0,
    close: () => Promise.resolve(),
  }
}

/** A column with these cells, and another one that is filled in every row. */
function columnOf(cells: readonly string[], header = 'reached'): TableFile {
  return tableOf(
    [header, 'order'],
    cells.map((cell, i) => [cell, `SO-${i}`]),
  )
}

function repeated(count: number, cell: string): string[] {
  return Array.from({ length: count }, () => cell)
}

const at = '2026-11-03 08:00'

describe('columns of times', () => {
  test('are told apart by their cells, and planned times by their headers', async () => {
    const table = tableOf(
      ['order', 'placed', 'Due date', 'day', 'clock', 'SAP', 'Excel', 'quantity', 'note'],
      [
        ['A', at, '2026-11-09', '03.11.2026', '14:05', '140500', '0.5', '5', ''],
        ['B', '2026-11-03', '2026-11-10', '2026年11月3日', '8:05 PM', '80500', ',25', '12.5', ''],
      ],
    )
    expect(await findTimeColumns(table)).toEqual({
      reached: [1, 3],
      planned: [2],
      days: [2, 3],
      clocks: [4],
      clockNumbers: [4, 5, 6],
    })
  })

  test.for(['Estimated delivery', 'Expected at', 'PLAN', 'promised', 'Deadline', '承诺交期', '预计发货'])(
    'called %s are planned ones',
    async (header) => {
      expect(await findTimeColumns(columnOf([at], header))).toMatchObject({ reached: [], planned: [0] })
    },
  )

  test('may have cells that say that there is no time', async () => {
    const cells = ['', ' ', 'NULL', 'None', '0000-00-00', '0', at]
    expect(await findTimeColumns(columnOf(cells))).toMatchObject({ reached: [0], days: [] })
    expect(await findTimeColumns(columnOf(cells.slice(0, -1)))).toMatchObject({ reached: [], days: [] })
    expect(await findTimeColumns(columnOf(['1753-01-01', '2026-11-03']))).toMatchObject({ reached: [0], days: [0] })
  })

  test.for([
    ['235959', true],
    ['240000', false],
    ['236000', false],
    ['005', false],
    ['90000', true],
    ['0.75', true],
    ['.75', true],
    ['1.75', false],
  ] as const)('a time of day may be the number %s: %s', async ([cell, isClock]) => {
    const { clocks, clockNumbers } = await findTimeColumns(columnOf([cell]))
    expect([clocks, clockNumbers]).toEqual([[], isClock ? [0] : []])
  })

  test('are known by their first hundred rows', async () => {
    expect(await findTimeColumns(columnOf([...repeated(100, at), 'soon']))).toMatchObject({ reached: [0] })
    expect(await findTimeColumns(columnOf([...repeated(99, at), 'soon']))).toMatchObject({ reached: [] })
    const last = columnOf([...repeated(99, ''), at])
    expect(await findTimeColumns(last)).toMatchObject({ reached: [0] })
    expect(await findTimeColumns(columnOf([...repeated(100, ''), at]))).toMatchObject({ reached: [] })
  })

  test('are not looked for in rows with a problem', async () => {
    expect(await findTimeColumns(tableOf(['time'], [['x'], [at]], [1]))).toMatchObject({ reached: [0] })
  })
})

describe('columns of milestones', () => {
  test('are known by their first hundred cells, wherever these are', async () => {
    const late = tableOf(
      ['placed', 'shipped'],
      [...repeated(150, '').map((cell): Row => [at, cell]), ...repeated(3, at).map((cell): Row => ['soon', cell])],
    )
    expect(await findMilestoneColumns(late)).toMatchObject({ reached: [0, 1] })
    const notes = [...repeated(100, at), ...repeated(200, 'soon')].map((cell): Row => [cell, ''])
    expect(await findMilestoneColumns(tableOf(['placed', 'shipped'], notes))).toMatchObject({ reached: [0] })
  })

  test('consist of times and days for the most part', async () => {
    const found = async (...cells: string[]) => (await findMilestoneColumns(columnOf(cells))).reached
    expect(await found(at, '2026-11-03', 'soon')).toEqual([0])
    expect(await found(at, '14:05', '140500', '2026-11-03', '2026-11-04')).toEqual([0])
    expect(await found(at, 'soon')).toEqual([])
    expect(await found(at, '2026-11-03', 'soon', 'later')).toEqual([])
  })

  test('of days with a few other cells are columns of days', async () => {
    const table = columnOf(['2026-11-03', '2026-11-04', 'soon'])
    expect(await findMilestoneColumns(table)).toMatchObject({ reached: [0], days: [0], clocks: [], clockNumbers: [] })
  })
})

test.for([
  ['', true],
  [' \u00A0', true],
  ['NULL', true],
  ['none', true],
  ['-', true],
  ['0000-00-00', true],
  ['1900-01-01', true],
  ["'1900-01-01", true],
  ['1970-01-01 00:00', true],
  ['01.01.0001', true],
  ['31.12.9999', true],
  ['9999-12-31', true],
  ['2026-11-03', false],
  ['1970-01-02', false],
  ['1999-12-31', false],
  ['soon', false],
  ['19.01.1970', false],
] as const)('the cell %j says that a milestone was not reached: %s', ([cell, isNot]) => {
  expect(saysNotReached(cell)).toBe(isNot)
})

describe('a day and a time of day in two columns', () => {
  const day = '2026-11-03'

  /** Looks for the pair in a file with one row, whose column of times is `time`. */
  function pairOf(header: readonly string[], row: Row, time: number, taken: readonly number[] = []) {
    return findDayAndClock(tableOf(header, [row]), time, new Set(taken))
  }

  test('are found whichever of them is known as the time', async () => {
    expect(await pairOf(['order', 'Date', 'Time'], ['A', day, '14:05'], 1)).toEqual({ day: 1, clock: 2 })
    expect(await pairOf(['order', 'Date', 'Time'], ['A', day, '14:05'], 2)).toEqual({ day: 1, clock: 2 })
    expect(await pairOf(['Time', 'order', 'Day'], ['14:05', 'A', day], 0)).toEqual({ day: 2, clock: 0 })
  })

  test('are none where the time is complete, or where the other is missing', async () => {
    expect(await pairOf(['order', 'Date', 'Time'], ['A', at, '14:05'], 1)).toBeUndefined()
    expect(await pairOf(['order', 'Date', 'Time'], ['A', day, at], 1)).toBeUndefined()
    expect(await pairOf(['order', 'Date', 'Time'], ['A', 'x', '14:05'], 2)).toBeUndefined()
    expect(await pairOf(['order', 'Date'], ['A', day], 1)).toBeUndefined()
  })

  test('are none where the other column is something else, or planned', async () => {
    expect(await pairOf(['order', 'Date', 'Time'], ['A', day, '14:05'], 1, [2])).toBeUndefined()
    expect(await pairOf(['order', 'Date', 'Time'], ['A', day, '14:05'], 2, [1])).toBeUndefined()
    expect(await pairOf(['order', 'Due date', 'Time'], ['A', day, '14:05'], 2)).toBeUndefined()
  })

  test('of several days the one to the left of the time of day is meant', async () => {
    const row = ['A', day, '2026-11-04', '14:05']
    expect(await pairOf(['order', 'Day', 'Scanned', 'Time'], row, 3)).toEqual({ day: 2, clock: 3 })
    expect(await pairOf(['Time', 'order', 'Day', 'Scanned'], ['14:05', 'A', day, day], 0)).toBeUndefined()
  })

  test('of several times of day none is meant', async () => {
    const header = ['order', 'Date', 'Start time', 'End time']
    expect(await pairOf(header, ['A', day, '14:05', '15:05'], 1)).toBeUndefined()
    expect(await pairOf(header, ['A', day, '14:05', 'x'], 1)).toEqual({ day: 1, clock: 2 })
  })

  test('may have a number as the time of day if the header says so', async () => {
    expect(await pairOf(['order', 'Date', 'Time'], ['A', day, '140500'], 1)).toEqual({ day: 1, clock: 2 })
    expect(await pairOf(['order', 'Date', 'Time'], ['A', day, '140500'], 2)).toEqual({ day: 1, clock: 2 })
    expect(await pairOf(['order', 'Date', 'Timestamp'], ['A', day, '140500'], 2)).toBeUndefined()
    expect(await pairOf(['order', 'Date', 'Timestamp'], ['A', day, '14:05'], 2)).toEqual({ day: 1, clock: 2 })
    expect(await pairOf(['order', 'Time'], ['A', '140500'], 1)).toBeUndefined()
  })

  test.for([
    ['Date', 'Start time', true],
    ['Date', 'startTime', true],
    ['Date', 'Time of day', true],
    ['Date', 'Cycle time', false],
    ['Date', 'start', false],
    ['Date', 'time time', false],
    ['Pickup date', 'Pickup time', true],
    ['Date', 'Pickup time', false],
    ['Datum', 'Uhrzeit', true],
    ['Datum', 'Buchungszeit', true],
    ['Datum', 'Bearbeitungszeit', false],
    ['日期', '扫描时间', true],
    ['日期', '报工时间', true],
    ['日期', '开工时间', true],
    ['日期', '工时统计时间', false],
    ['日期', '加工时间', false],
  ] as const)('beside %s the column %s is a time of day: %s', async ([dayHeader, header, isClock]) => {
    const found = await pairOf(['order', dayHeader, header], ['A', day, '14:05'], 1)
    expect(found).toEqual(isClock ? { day: 1, clock: 2 } : undefined)
  })
})
