import { describe, expect, test } from 'vitest'
import { CellSplitter, splitLiterally } from './cell-splitter.ts'
import type { QuoteStyle } from './table-facts.ts'

/** Splits the lines of one row at commas. */
function split(text: string, style: QuoteStyle = 'double') {
  const splitter = new CellSplitter(',', style)
  const ended = text.split('\n').map((line) => splitter.add(line))
  const { cells, hasStrayQuotes, hasQuotedCells } = splitter
  return { cells, ended, hasStrayQuotes, hasQuotedCells }
}

test.for([
  ['', ['']],
  ['a', ['a']],
  ['a,b', ['a', 'b']],
  [',', ['', '']],
  ['a,,b,', ['a', '', 'b', '']],
  ['5" pipe,b', ['5" pipe', 'b']],
  ['a "x",b', ['a "x"', 'b']],
  [' "x",b', [' "x"', 'b']],
] as const)('the cells of %j are without quotes', ([line, cells]) => {
  expect(split(line)).toEqual({ cells, ended: [true], hasStrayQuotes: false, hasQuotedCells: false })
})

test.for([
  ['"a"', ['a']],
  ['"a","b"', ['a', 'b']],
  ['a,"b,c",d', ['a', 'b,c', 'd']],
  ['"",b', ['', 'b']],
  ['"a",', ['a', '']],
  ['"a""b"', ['a"b']],
  ['""""', ['"']],
  ['"""a"""', ['"a"']],
  ['"a" ,b', ['a', 'b']],
  ['"a"  ', ['a']],
  [String.raw`"a\",b`, [String.raw`a${'\\'}`, 'b']],
] as const)('the cells of %j are in quotes', ([line, cells]) => {
  expect(split(line)).toEqual({ cells, ended: [true], hasStrayQuotes: false, hasQuotedCells: true })
})

test.for([
  ['"say "hi" now",b', ['say "hi" now', 'b']],
  ['"a" b,c"', ['a" b,c']],
  ['"a"b",c', ['a"b', 'c']],
  ['"a" b"', ['a" b']],
] as const)('other quotes within the quotes of %j belong to the text', ([line, cells]) => {
  expect(split(line)).toMatchObject({ cells, ended: [true], hasStrayQuotes: true })
})

test.for([
  ['a,"b\nc",d', ['a', 'b\nc', 'd']],
  ['"a\n\nb"', ['a\n\nb']],
  ['"a\n"', ['a\n']],
  ['"\nb","c\nd"', ['\nb', 'c\nd']],
  ['"a""\nb",c', ['a"\nb', 'c']],
  ['"a\n""b"', ['a\n"b']],
] as const)('a cell of %j goes on in the next line', ([text, cells]) => {
  const { ended, ...row } = split(text)
  expect(row).toEqual({ cells, hasStrayQuotes: false, hasQuotedCells: true })
  expect(ended).toEqual(ended.map((_, i) => i === ended.length - 1))
})

test('a cell that never ends is none yet', () => {
  expect(split('a,"b,c\nd')).toMatchObject({ cells: ['a'], ended: [false, false] })
  expect(split('a,"')).toMatchObject({ cells: ['a'], ended: [false] })
})

describe('after a backslash', () => {
  test.for([
    [String.raw`"5\" pipe, long",b`, ['5" pipe, long', 'b']],
    [String.raw`"C:\\",b`, ['C:\\', 'b']],
    [String.raw`"a\\\"b",c`, [String.raw`a\"b`, 'c']],
    [String.raw`"\"",b`, ['"', 'b']],
    [String.raw`"a\nb"`, [String.raw`a\nb`]],
    ['"a"', ['a']],
    [String.raw`a\,b`, ['a\\', 'b']],
    ['"x\n\\"y",b', ['x\n"y', 'b']],
    ['"x\\\n",b', ['x\\\n', 'b']],
  ] as const)('a quote of %j belongs to the text', ([text, cells]) => {
    expect(split(text, 'backslash')).toMatchObject({ cells, hasStrayQuotes: false })
  })

  test('doubled quotes are two', () => {
    expect(split('"a""b"', 'backslash')).toMatchObject({ cells: ['a""b'], hasStrayQuotes: true })
  })
})

test('quotes in the middle of cells may be taken as they are', () => {
  expect(splitLiterally('1,"a",b', ',')).toEqual(['1', 'a', 'b'])
  expect(splitLiterally('"a"', ',')).toEqual(['a'])
  expect(splitLiterally('"a",', ',')).toEqual(['a', ''])
  expect(splitLiterally('"",b', ',')).toEqual(['', 'b'])
  expect(splitLiterally('"a" b,"c', ',')).toEqual(['"a" b', '"c'])
  expect(splitLiterally('"a,b"c,d', ',')).toEqual(['"a', 'b"c', 'd'])
  expect(splitLiterally('"a,b",d', ',')).toEqual(['a,b', 'd'])
  expect(splitLiterally('', ',')).toEqual([''])
  expect(splitLiterally('"', ',')).toEqual(['"'])
})
