import { describe, expect, test } from 'vitest'
import { cleanCell, emptyWordsWith, removedFrom, shownValue, textProblem, usualEmptyWords } from './clean-cell.ts'

test.for([
  ['="000123"', '000123', 'guard'],
  ['="a""b"', 'a"b', 'guard'],
  ['="a"&"b"', '="a"&"b"', undefined],
  ["'000125", '000125', 'guard'],
  ['`000126', '000126', 'guard'],
  ["'-100", '-100', 'guard'],
  ["'SO-1'", "'SO-1'", undefined],
  ['\t000127\t', '000127', 'invisible'],
  ['\u00A0SO-1\u3000', 'SO-1', 'invisible'],
  ['\u200BSO-1\uFEFF', 'SO-1', 'invisible'],
  ['  SO-1 ', 'SO-1', undefined],
  ['SO-1', 'SO-1', undefined],
] as const)('the order %j is %s', ([cell, order, removed]) => {
  expect(cleanCell(cell, 'code')).toBe(order)
  expect(removedFrom(cell, order)).toBe(removed)
})

test.for([
  ["'s-Hertogenbosch", "'s-Hertogenbosch"],
  ["'t Hart", "'t Hart"],
  ["'@home", '@home'],
  ["'-18C peas", '-18C peas'],
  ["'000125", '000125'],
  ['\u202DACME\u202C', 'ACME'],
] as const)('the customer %s is %s', ([cell, customer]) => {
  expect(cleanCell(cell, 'text')).toBe(customer)
})

test.for([
  ['pack\u200Bing', 'has control or invisible characters: U+200B at place 5'],
  ['📦\u00ADa', 'has control or invisible characters: U+00AD at place 2'],
  ['a\0b', 'has a NUL character'],
  ['pack\uFFFDing', 'has bytes that are damaged text'],
  ['#REF!', '#REF! is an error of a spreadsheet'],
  ['########', '######## is an error of a spreadsheet'],
  ['#1024', undefined],
  ['#', undefined],
  ['a\u0007', 'has control or invisible characters: U+0007 at place 2'],
  ['\u{E0001}x', 'has control or invisible characters: U+E0001 at place 1'],
  ['a\nb', 'has control or invisible characters: U+000A at place 2'],
  ['包装', undefined],
] as const)('%j %s', ([text, problem]) => {
  expect(textProblem(text, false)).toBe(problem)
})

test('a free text may have lines, emoji and the joiners of scripts', () => {
  for (const text of ['ACME\nBerlin', '👩‍🔧 service', 'می\u200Cخواهم']) expect(textProblem(text, true)).toBeUndefined()
  expect(textProblem('AC\u200BME', true)).toContain('U+200B at place 3')
})

test.for([
  ['', ''],
  [' ', ''],
  ["'", ''],
  ['="', '="'],
  ['=""', ''],
  ['="1"', '1'],
  ['="\\0"', '\\0'],
  ["'='000", "='000"],
  ["''7", '7'],
  ['\'="7"', '7'],
  ["x'", "x'"],
  ["7'", "7'"],
  ['=1+2', '=1+2'],
  ["'@x'", "@x'"],
] as const)('the code %j is %j', ([cell, code]) => {
  expect(cleanCell(cell, 'code')).toBe(code)
})

test.for([
  ["'12-34", '12-34'],
  ["'12 Monkeys", "'12 Monkeys"],
  ["'", "'"],
  ['`ls`', '`ls`'],
  ["'=SUM(A1)", '=SUM(A1)'],
] as const)('the text %j is %j', ([cell, text]) => {
  expect(cleanCell(cell, 'text')).toBe(text)
})

test('what was removed is told, unless it is blanks', () => {
  expect(removedFrom('  x', 'x')).toBeUndefined()
  expect(removedFrom('x  ', 'x')).toBeUndefined()
  expect(removedFrom(' \tx ', 'x')).toBe('invisible')
  expect(removedFrom(' x\t', 'x')).toBe('invisible')
  expect(removedFrom('  ', '')).toBeUndefined()
  expect(removedFrom(" '7 ", '7')).toBe('guard')
})

describe('words for an empty cell', () => {
  test('are those of programs, in columns of numbers also those of people', () => {
    const words = (text: string) => [usualEmptyWords.has(text), usualEmptyWords.hasInNumbers(text)]
    for (const word of ['NULL', 'null', '(NULL)', '<null>', '#N/A', 'NaT', '-', '---', '—'])
      expect([word, ...words(word)]).toEqual([word, true, true])
    for (const word of ['None', 'nil', 'NA', '/', '无']) expect([word, ...words(word)]).toEqual([word, false, true])
    for (const word of ['', 'N', 'Null', '----', 'none of these', 'NULLs'])
      expect([word, ...words(word)]).toEqual([word, false, false])
  })

  test('may be more', () => {
    const words = emptyWordsWith(['unknown', 'k. A. bekannt'])
    expect(['unknown', 'k. A. bekannt', 'NULL', 'None'].map((word) => words.has(word))).toEqual([
      true,
      true,
      true,
      false,
    ])
    expect(words.hasInNumbers('None')).toBe(true)
    expect(emptyWordsWith([]).has('unknown')).toBe(false)
  })
})

test('a value is shown on one line and not longer than sixty characters', () => {
  expect(shownValue('a\nb\u200B')).toBe(String.raw`a\u000Ab\u200B`)
  expect(shownValue('x'.repeat(60))).toBe('x'.repeat(60))
  expect(shownValue('x'.repeat(61))).toBe(`${'x'.repeat(60)}…`)
})
