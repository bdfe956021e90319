import { describe, expect, test } from 'vitest'
import { CellCounts } from './cells/cell-counts.ts'
import type { ColumnReadings } from './cells/column-readings.ts'
import { unsurveyedReadings } from './cells/column-readings.ts'
import { ZonedClock } from './cells/zoned-clock.ts'
import { RowCells } from './row-cells.ts'

const names = ['order', 'time', 'promisedAt', 'amount', 'customer'] as const
type Name = (typeof names)[number] | 'stage'

const columns = Object.fromEntries(names.map((name, index) => [name, { index, header: name.toUpperCase() }]))
const rules = { clock: new ZonedClock('Europe/Berlin') }
/** An hour that comes twice: first from 00:00 UTC on, then from 01:00 UTC on. */
const twice = '2025-10-26 02:30'
const [firstAt, secondAt] = [Date.UTC(2025, 9, 26, 0, 30), Date.UTC(2025, 9, 26, 1, 30)]

/** The seventh row of a file, and what is counted in it. */
function rowOf(said: Partial<Record<Name, string>>, readings: Partial<ColumnReadings> = {}, more: string[] = []) {
  const counts = new CellCounts()
  const record = { row: 7, line: 8, cells: [...names.map((name) => said[name] ?? ''), ...more] }
  const cells = new RowCells<Name>(record, {
    columns,
    width: names.length,
    rules,
    readings: { ...unsurveyedReadings(rules), ...readings },
    counts,
  })
  return { cells, counted: () => counts.remarks().map(({ column, cause }) => `${column} ${cause}`), counts }
}

describe('a required time', () => {
  test.for([
    ['', { code: 'missing_field', message: 'is empty' }],
    ['NULL', { code: 'missing_field', message: 'is empty' }],
    ['1753-01-01', { code: 'missing_field', cause: 'placeholder' }],
    ['soon', { code: 'invalid_time', cause: undefined }],
    ['03/11/2026', { code: 'invalid_time', cause: 'ambiguous_date' }],
  ] as const)('that is %j rejects the row, and is 0', ([time, rejection]) => {
    const { cells } = rowOf({ time })
    expect(cells.requiredInstant('time')).toBe(0)
    expect(cells.rejection).toMatchObject({ field: 'TIME', ...rejection })
  })

  test('that the clocks showed twice is the first of the two unless the rows say otherwise', () => {
    const { cells, counted } = rowOf({ time: twice })
    expect([cells.requiredInstant('time'), cells.rejection, counted()]).toEqual([firstAt, undefined, ['TIME fold']])
    expect(rowOf({ time: twice }, { laterRows: new Set([7]) }).cells.requiredInstant('time')).toBe(secondAt)
    expect(rowOf({ time: twice }, { laterRows: new Set([8]) }).cells.requiredInstant('time')).toBe(firstAt)
  })

  test('that is a day is its beginning', () => {
    for (const read of ['requiredInstant', 'knownInstant'] as const)
      expect(rowOf({ time: '2026-01-09' }).cells[read]('time')).toBe(Date.UTC(2026, 0, 8, 23))
  })

  test('in a column that is none of times rejects the row', () => {
    const { cells } = rowOf({ customer: '2026-01-09' })
    expect(cells.requiredInstant('customer')).toBe(0)
    expect(cells.rejection).toMatchObject({ code: 'invalid_time', message: 'is no column of times' })
  })

  test('may be unknown where that means something', () => {
    const empty = rowOf({ time: '' })
    expect([empty.cells.knownInstant('time'), empty.cells.rejection]).toEqual([undefined, undefined])
    const placeholder = rowOf({ time: '9999-12-31' })
    expect([placeholder.cells.knownInstant('time'), placeholder.cells.rejection]).toEqual([undefined, undefined])
    expect(placeholder.counted()).toEqual(['TIME placeholder'])
    const unreadable = rowOf({ time: 'soon' })
    expect(unreadable.cells.knownInstant('time')).toBe(0)
    expect(unreadable.cells.rejection).toMatchObject({ code: 'invalid_time' })
  })
})

describe('an optional time', () => {
  test.for([
    ['', []],
    [' ', []],
    ['NULL', ['PROMISEDAT empty_word']],
    ['1753-01-01', ['PROMISEDAT placeholder']],
    ['soon', ['PROMISEDAT unreadable']],
  ] as const)('that is %j is left out', ([promisedAt, remarks]) => {
    const { cells, counted } = rowOf({ promisedAt })
    expect([cells.instant('promisedAt'), cells.rejection, counted()]).toEqual([undefined, undefined, remarks])
  })

  test('that is a day is its beginning or its end', () => {
    const { cells } = rowOf({ promisedAt: '2026-01-09' })
    expect(cells.instant('promisedAt')).toBe(Date.UTC(2026, 0, 8, 23))
    expect(cells.instant('promisedAt', { endOfDay: true })).toBe(Date.UTC(2026, 0, 9, 23) - 1)
  })

  test('that the clocks showed twice is the second of the two unless that is after the latest', () => {
    const later = { laterRows: new Set([7]) }
    const at = (latest: number, readings = {}) =>
      rowOf({ promisedAt: twice }, readings).cells.instant('promisedAt', { latest })
    expect([at(secondAt, later), at(secondAt - 1, later), at(secondAt)]).toEqual([secondAt, firstAt, firstAt])
    const { cells, counted } = rowOf({ promisedAt: twice }, later)
    expect([cells.instant('promisedAt'), counted()]).toEqual([firstAt, ['PROMISEDAT fold']])
  })
})

test.for([
  ['0', 0],
  ['999999999999999', 999_999_999_999_999],
] as const)('the number %s is read', ([amount, value]) => {
  const { cells, counted } = rowOf({ amount })
  expect([cells.number('amount'), counted()]).toEqual([value, []])
})

test.for([
  ['1000000000000000', '1000000000000000 is no number'],
  ['-0.01', '-0.01 is not between 0 and 1000000000000000'],
  ['many', 'many is no number'],
] as const)('the number %s is left out', ([amount, message]) => {
  const { cells, counts } = rowOf({ amount })
  expect(cells.number('amount')).toBeUndefined()
  const remark = { column: 'AMOUNT', cause: 'unreadable', count: 1, examples: [{ line: 8, value: amount }] }
  expect(counts.remarks()).toMatchObject([{ ...remark, message: expect.stringContaining(message) }])
})

describe('an identifier', () => {
  test('that is missing or damaged rejects the row, and is empty', () => {
    for (const order of ['', ' ', '-']) {
      const { cells } = rowOf({ order })
      expect(cells.identifier('order', 'code')).toBe('')
      expect(cells.rejection).toEqual({ code: 'missing_field', field: 'ORDER', message: 'is empty', cause: undefined })
    }
    const { cells } = rowOf({ order: 'a\0b' })
    expect(cells.identifier('order', 'code')).toBe('')
    expect(cells.rejection).toMatchObject({ code: 'invalid_text', message: 'has a NUL character' })
  })

  test('may have 200 characters', () => {
    expect(rowOf({ order: 'x'.repeat(200) }).cells.identifier('order', 'code')).toHaveLength(200)
    const { cells } = rowOf({ order: 'x'.repeat(201) })
    cells.identifier('order', 'code')
    expect(cells.rejection).toMatchObject({ code: 'too_large', message: 'longer than 200 characters' })
  })

  test('without a column is missing under its own name', () => {
    const { cells } = rowOf({})
    expect([cells.identifier('stage', 'text'), cells.text('stage'), cells.number('stage')]).toEqual([
      '',
      undefined,
      undefined,
    ])
    expect(cells.rejection).toMatchObject({ code: 'missing_field', field: 'stage' })
  })

  test('of an order is no total and no rounded number', () => {
    const cause = (order: string) => {
      const { cells } = rowOf({ order })
      cells.orderNumber('order')
      return cells.rejection?.cause
    }
    expect(['Total', 'Summe ACME', '1.5E+12', 'SO-1'].map(cause)).toEqual(['total', 'total', 'rounded', undefined])
  })

  test.for([
    ['123.0', ['ORDER fraction']],
    ['12.30', []],
    ['100', []],
    ['123456789012340', []],
    ['1234567890123450', ['ORDER rounded']],
    ['1234567890123456', []],
  ] as const)('that a spreadsheet may have spoiled is told: %s', ([order, remarks]) => {
    const { cells, counted } = rowOf({ order })
    expect([cells.orderNumber('order'), counted()]).toEqual([order, remarks])
    // Parcels and events have such numbers, too.
    const label = rowOf({ order })
    expect([label.cells.label('order', 'code'), label.counted()]).toEqual([order, remarks])
    expect([label.cells.label('order', 'text'), label.counted()]).toEqual([order, remarks])
    const text = rowOf({ order })
    expect([text.cells.label('order', 'text'), text.counted()]).toEqual([order, []])
  })
})

describe('a text', () => {
  test('may have 200 characters, and is left out if it is longer or damaged', () => {
    expect(rowOf({ customer: 'x'.repeat(200) }).cells.text('customer')).toHaveLength(200)
    for (const customer of ['x'.repeat(201), 'AC\u200BME', '#REF!']) {
      const { cells, counted } = rowOf({ customer })
      expect([cells.text('customer'), cells.rejection, counted()]).toEqual([
        undefined,
        undefined,
        ['CUSTOMER unreadable'],
      ])
    }
  })

  test('is told without what programs add, and blanks are not told', () => {
    const read = (customer: string) => {
      const { cells, counted } = rowOf({ customer })
      return [cells.text('customer'), ...counted()]
    }
    expect(read("'000125")).toEqual(['000125', 'CUSTOMER guard'])
    expect(read('\u200BACME')).toEqual(['ACME', 'CUSTOMER invisible'])
    expect(read(' ACME ')).toEqual(['ACME'])
    expect(read(' \u00A0 ')).toEqual([undefined])
    expect(read('N/A')).toEqual([undefined, 'CUSTOMER empty_word'])
    expect(read('None')).toEqual(['None'])
  })

  test('may look like a rounded number, but a code may not', () => {
    const { cells, counted } = rowOf({ customer: '1.5E+12' })
    expect([cells.label('customer', 'text'), counted()]).toEqual(['1.5E+12', []])
    expect([cells.label('customer', 'code'), counted()]).toEqual([undefined, ['CUSTOMER unreadable']])
  })
})

describe('the cell that a file ends in', () => {
  const cut = (name: Name, row = 7) => ({ cutCell: { row, name } })

  test('rejects the row if it is required', () => {
    const time = rowOf({ time: '2026-11-03' }, cut('time')).cells
    time.requiredInstant('time')
    expect(time.rejection).toMatchObject({ code: 'invalid_time', field: 'TIME', cause: undefined })
    const order = rowOf({ order: 'SO-1' }, cut('order')).cells
    order.identifier('order', 'code')
    expect(order.rejection).toMatchObject({ code: 'invalid_field', field: 'ORDER', cause: 'cut_off' })
  })

  test('is left out if it is not required', () => {
    const { cells, counts } = rowOf({ amount: '12.5' }, cut('amount'))
    expect(cells.number('amount')).toBeUndefined()
    expect(counts.remarks()).toMatchObject([
      { cause: 'unreadable', message: expect.stringContaining('12.5 is shorter than others of the column') },
    ])
  })

  test('is neither one of another row nor one of another column', () => {
    for (const readings of [cut('amount', 6), cut('time')])
      expect(rowOf({ amount: '12.5' }, readings).cells.number('amount')).toBe(12.5)
  })
})

test('a row with more cells than the header is rejected, unless these are empty', () => {
  const { cells } = rowOf({ order: 'A' }, {}, ['', 'x', ''])
  expect(cells.rejection).toEqual({
    code: 'bad_request',
    field: '',
    message: 'the row has 7 cells and the header 5; a quote or a delimiter is wrong',
    cause: 'extra_cells',
  })
  expect(rowOf({ order: 'A', customer: 'x' }, {}, ['', '']).cells.rejection).toBeUndefined()
})

test('the first reason to reject a row is kept', () => {
  const { cells } = rowOf({ time: 'soon' })
  cells.identifier('order', 'code')
  cells.requiredInstant('time')
  expect(cells.rejection).toMatchObject({ code: 'missing_field', field: 'ORDER' })
})
