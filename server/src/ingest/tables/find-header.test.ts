import { expect, test } from 'vitest'
import { commonWidth, findHeader, isHeaderLike } from './find-header.ts'

const rowsOf = (...texts: readonly string[]) => texts.map((text, line) => ({ line, cells: text.split(',') }))

test('the common width is that of most rows, the larger one of two', () => {
  expect(commonWidth(rowsOf('a,b', 'c,d', 'e,f,g'))).toEqual({ width: 2, count: 2 })
  expect(commonWidth(rowsOf('a,b', 'c,d', 'e,f,g', 'h,i,j'))).toEqual({ width: 3, count: 2 })
  expect(commonWidth(rowsOf('e,f,g', 'h,i,j', 'a,b', 'c,d'))).toEqual({ width: 3, count: 2 })
  expect(commonWidth(rowsOf('a', 'b', 'c,d'))).toEqual({ width: 2, count: 1 })
  expect(commonWidth(rowsOf('a', 'b'))).toEqual({ width: 1, count: 0 })
})

test.for([
  ['a,b', true],
  ['a,', false],
  ['a,,b', true],
  ['a', true],
  ['', false],
  [' , ', false],
  ['a,1', false],
  ['a,1.5', false],
  ['a,-7', false],
  ['a,+1 000', false],
  ['a,2026-11-03', false],
  ['a,3.11.2026', false],
  ['a,2026年11月3日', false],
  ['a,14:05', false],
  ['a,---', false],
  ['a,b1', true],
  ['a,1st', true],
  ['N°,order no.', true],
] as const)('%s may be a header: %s', ([text, isHeader]) => {
  expect(isHeaderLike(text.split(','))).toBe(isHeader)
})

test.for([
  ['the first row', ['a,b,c', '1,2,3'], 0],
  ['the first row although all others are wider', ['a,b', '1,2,3', '4,5,6'], 0],
  ['a wider row where the first one is too narrow', ['Orders', 'a,b,c', '1,2,3'], 1],
  ['a wider row where the first one fills half of it', ['Orders,x', 'a,b,c,d', '1,2,3,4'], 1],
  ['a row of texts where the first one is data', ['x,1,2', 'a,b,c', '1,2,3'], 1],
  ['a row that is as wide as the table', ['Orders', 'From,to', 'a,b,c', '1,2,3', '4,5,6'], 2],
  ['a row with more than half of the names', ['Orders', 'a,,,', 'a,b,,', 'a,b,c,', '1,2,3,4', '5,6,7,8'], 3],
  ['the first row where there is no other', ['1,2,3', '4,5,6'], 0],
  ['the first row of a table of one column', ['Orders', 'a', '1'], 0],
] as const)('the header is %s', ([, texts, line]) => {
  const rows = rowsOf(...texts)
  expect(findHeader(rows, commonWidth(rows).width)?.line).toBe(line)
})

test('columns that are empty in every row are not expected to have names', () => {
  const rows = rowsOf(',a,b,', ',1,2,', ',3,4,')
  expect(findHeader(rows, 4)?.line).toBe(0)
  const framed = rowsOf('Orders', ',,,a,b', ',,,1,2')
  expect(findHeader(framed, 5)?.line).toBe(1)
})

test('the header is among the first fifty rows', () => {
  const before = (count: number) => rowsOf(...Array.from({ length: count }, () => 'note'), 'a,b,c', '1,2,3', '4,5,6')
  expect(findHeader(before(49), 3)?.line).toBe(49)
  expect(findHeader(before(50), 3)?.line).toBe(0)
})

test('nothing has no header', () => {
  expect(findHeader([], 3)).toBeUndefined()
})
