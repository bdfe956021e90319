import { expect, test } from 'vitest'
import { NumberReading, NumberSurvey } from './number-column.ts'

function survey(cells: readonly string[], told?: '.' | ',', counts = false): NumberSurvey {
  const numbers = new NumberSurvey(told, counts)
  for (const [i, text] of cells.entries()) numbers.add(text, i + 2)
  return numbers
}

/** Reads the cells of one column. */
function column(cells: readonly string[], told?: '.' | ',', counts = false): (number | string)[] {
  const reading = survey(cells, told, counts).reading()
  return cells.map((text) => {
    const number = reading.read(text)
    return number.ok ? number.value : number.message
  })
}

test.for([
  ['13,75', 13.75],
  ['13.75', 13.75],
  ['1.234,50', 1234.5],
  ['1,234.50', 1234.5],
  ['1 234,50', 1234.5],
  ['1\u202F234,50', 1234.5],
  ["1'234.50", 1234.5],
  ['1’234’567', 1_234_567],
  ['1,234,567', 1_234_567],
  ['12,34,567.8', 1_234_567.8],
  ['€ 1200.50', 1200.5],
  ['1.200,50 EUR', 1200.5],
  ['US$5.25', 5.25],
  ['￥１２．５０', 12.5],
  ['12.5元', 12.5],
  ['(12.50)', -12.5],
  ['12.50-', -12.5],
  ['−5', -5],
  ['-€5', -5],
  ['.5', 0.5],
  ['0,125', 0.125],
  ['+7', 7],
] as const)('%s alone is %d', ([text, value]) => {
  expect(column([text])).toEqual([value])
})

test.for([
  '12 %',
  '5 ‰',
  '1.5E3',
  '1.2.3',
  '1,23,4',
  '12abc',
  '10 PCS',
  '--5',
  '(-5)',
  '€5 EUR',
  '1234567890123456',
  '1 23',
  '1.234.5',
])('%s is no number', (text) => {
  expect(column([text])).toEqual([expect.stringContaining('write it like 1234.5')])
})

test.for([
  ['5 Stk', 5],
  ['3 szt.', 3],
  ['10 PCS', 10],
  ['1.200 Stück', 1.2],
  ['2,5 шт.', 2.5],
  ['12件', 12],
  ['4 ks', 4],
  ['-1 pc', -1],
  ['7 peças', 7],
] as const)('%s in a column of quantities is %d', ([text, value]) => {
  expect(column([text], undefined, true)).toEqual([value])
})

test.for(['5 kg', '3 boxes', '2 dozen', '1打', '5 m', '€ 5 Stk', '5 EUR pcs', 'Stk', '5 Stk 3', '5 x Stk'])(
  '%s is not read as pieces',
  (text) => {
    expect(column([text], undefined, true)).toEqual([expect.stringContaining('write it like 1234.5')])
  },
)

test('pieces do not hide what proves the sign of a column', () => {
  expect(column(['1.234 Stk', '0,5 Stk'], undefined, true)).toEqual([1234, 0.5])
})

test('one cell that proves its sign explains the others', () => {
  expect(column(['1.234', '0,5', '12'])).toEqual([1234, 0.5, 12])
  expect(column(['1,234', '0.5'])).toEqual([1234, 0.5])
  expect(column(['1,234', '0,5'])).toEqual([1.234, 0.5])
})

test('a column that proves none is read by the point, and says so', () => {
  expect(column(['1,234', '2,500'])).toEqual([1234, 2500])
  expect(survey(['1,234', '2,500']).findings()).toEqual({
    sign: undefined,
    openAs: 'thousands',
    openRows: 2,
    unreadableRows: 0,
    examples: [
      { line: 2, value: '1,234' },
      { line: 3, value: '2,500' },
    ],
  })
  expect(column(['1.234', '2.500'])).toEqual([1.234, 2.5])
  expect(survey(['1.234', '2.500']).findings()).toMatchObject({ openAs: 'decimals', openRows: 2 })
})

test('in a column that contradicts itself only cells that are clear are read', () => {
  expect(column(['1.5', '1,5', '1,234'])).toEqual([1.5, 1.5, expect.stringContaining('may be 1.234 or 1234')])
  expect(survey(['1.5', '1,5', '1,234']).findings()).toMatchObject({ openAs: 'not at all', openRows: 1 })
})

test('a sign that was told holds, and cells with the other one are refused', () => {
  expect(column(['1,234', '1.5', '1.234', '1.234,5'], ',')).toEqual([
    1.234,
    expect.stringContaining('has no , before'),
    1234,
    1234.5,
  ])
})

test('without a survey a comma with three digits is refused', () => {
  const reading = new NumberReading(undefined, false, { isContradictory: false, isSurveyed: false })
  expect(reading.read('1.234')).toEqual({ ok: true, value: 1.234 })
  expect(reading.read('1,234')).toMatchObject({ ok: false })
  expect(reading.read('1,5')).toEqual({ ok: true, value: 1.5 })
})

test.for([
  ['999,999', 999_999, 999.999],
  ['1,000', 1_000, 1],
  ['-1,234', -1_234, -1.234],
] as const)('%s is %d where a comma groups thousands, else %d', ([text, thousands, decimals]) => {
  expect([column([text, '0.5'])[0], column([text, '0,5'])[0]]).toEqual([thousands, decimals])
})

test.for([
  ['0,125', 0.125],
  ['01,234', 1.234],
  ['1234,567', 1_234.567],
  ['1,2345', 1.2345],
  ['1,23', 1.23],
] as const)('%s has decimals: it is %d', ([text, value]) => {
  expect(column([text, '0,5'])[0]).toBe(value)
  expect(column([text, '0.5'], '.')[0]).toEqual(expect.stringContaining('has no . before its decimals'))
})

test.for([
  ['1,234.5', 1234.5],
  ['1.234.567,8', 1_234_567.8],
  ['1 234 567', 1_234_567],
  ["1'234.5", 1234.5],
  ['1_000', 1000],
  ['12,34,567', 1_234_567],
  ['5.', 5],
  ['5,', 5],
  [',5', 0.5],
  ['999999999999999.5', 999_999_999_999_999.5],
  ['(5)', -5],
  ['5-', -5],
  ['+5', 5],
  ['- 5', -5],
  ['EUR 5', 5],
  ['-5 €', -5],
  ['5 kr.', 5],
] as const)('%s alone is the number %d', ([text, value]) => {
  expect(column([text])).toEqual([value])
})

test.for([
  '1,2345.6',
  '1.234,567.8',
  '1,23,45',
  '1234,567,890',
  '1.5.2026',
  '9999999999999999',
  "1'23",
  '1 234 5',
  '+5-',
  '(+5)',
  '(5-)',
  'XYZ 5',
  'EUR 5 EUR',
  '',
  '.',
  '1,234.5,6',
])('%j is none', (text) => {
  expect(column([text])).toEqual([expect.stringContaining('is no number')])
})

test('what a column of numbers says is counted', () => {
  expect(survey(['1.234', '1,234', 'x', '5', '2.5']).findings()).toMatchObject({ sign: '.', openAs: undefined, openRows: 2, unreadableRows: 1 }) // prettier-ignore
  expect(survey(['1.234', '1,234']).findings()).toMatchObject({ sign: undefined, openRows: 2, openAs: 'decimals of . and thousands of ,' }) // prettier-ignore
  expect(survey(['5', '6']).findings()).toMatchObject({ sign: undefined, openAs: undefined, openRows: 0, examples: [] })
  expect(survey(['1.5', '1,5'], ',').findings()).toMatchObject({ sign: ',', openAs: undefined })
  expect(survey(['1.5', '1,5']).findings()).toMatchObject({ sign: undefined, openAs: undefined, openRows: 0 })
  expect(survey(['a', 'b', '1,234', 'd', 'e', 'f']).findings().examples.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6]) // prettier-ignore
})

test('a refusal names the cell up to its sixtieth character, and what to write', () => {
  const [long] = column(['x'.repeat(61)])
  expect(long).toBe(`${'x'.repeat(60)} is no number; write it like 1234.5`)
  expect(column(['1.5', '1,5', '1,234'])[2]).toBe(
    '1,234 may be 1.234 or 1234; say with --decimal-comma, or write it like 1234.5',
  )
})
