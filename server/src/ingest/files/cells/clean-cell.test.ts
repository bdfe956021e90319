import { expect, test } from 'vitest'
import { cleanCell, removedFrom, shownValue, textProblem } from './clean-cell.ts'

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
  ['包装', undefined],
] as const)('%j %s', ([text, problem]) => {
  expect(textProblem(text, false)).toBe(problem)
})

test('a free text may have lines, emoji and the joiners of scripts', () => {
  for (const text of ['ACME\nBerlin', '👩‍🔧 service', 'می\u200Cخواهم']) expect(textProblem(text, true)).toBeUndefined()
  expect(textProblem('AC\u200BME', true)).toContain('U+200B at place 3')
})

test('a value is shown on one line and not longer than sixty characters', () => {
  expect(shownValue('a\nb\u200B')).toBe(String.raw`a\u000Ab\u200B`)
  expect(shownValue('x'.repeat(61))).toBe(`${'x'.repeat(60)}…`)
})
