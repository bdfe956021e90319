import { describe, expect, test } from 'vitest'
import type { CsvDialect } from './csv-dialect.ts'
import { CsvRows } from './csv-rows.ts'

/** Reads a text of rows below the header `a,b,c`. */
function read(text: string, { hasLineEnd = true, ...dialect }: Partial<CsvDialect> & { hasLineEnd?: boolean } = {}) {
  const rows = new CsvRows({
    delimiter: ',',
    quote: 'double',
    isQuoteChosen: false,
    header: ['a', 'b', 'c'],
    preambleLines: 0,
    headerLines: 1,
    looksLikeData: false,
    ...dialect,
  })
  const records = [...rows.add(`a,b,c\n${text}`.split('\n')), ...rows.end(hasLineEnd)]
  const cells = records.flatMap((record) => (record.problem === undefined ? [record.cells] : []))
  const rejected = records.flatMap(({ line, problem }) => (problem === undefined ? [] : [[line, problem.cause]]))
  const messages = records.flatMap(({ problem }) => (problem === undefined ? [] : [problem.message]))
  const { quotes, account } = rows
  return { cells, rejected, messages, quotes, lines: account.lines, remarks: account.remarks }
}

const noQuotes = { clean: 0, inHeader: false, stray: 0, swallowed: 0, unclosed: 0, backslashes: 0 }

test('lines before the first row are counted by what they are', () => {
  const dialect = { preambleLines: 3, headerLines: 2 }
  const rows = new CsvRows({ ...dialect, delimiter: ',', quote: 'double', isQuoteChosen: false, header: ['a', 'b'], looksLikeData: false }) // prettier-ignore
  const records = rows.add(['Orders', ' ', 'of "ACME"', '"a', 'x",b', '1,2'])
  expect([...records, ...rows.end(true)].map(({ cells }) => cells)).toEqual([['1', '2']])
  expect(rows.account.lines).toMatchObject({ total: 6, preamble: 2, blank: 1, header: 2, rows: 1 })
  expect(rows.quotes).toEqual({ ...noQuotes, inHeader: true })
})

test('quotes that enclose cells are counted by row', () => {
  const { cells, quotes, lines } = read('"1","x, y",z\n2,"p\nq",r\n3,y,z\n4,5" pipe,z')
  expect(cells).toEqual([
    ['1', 'x, y', 'z'],
    ['2', 'p\nq', 'r'],
    ['3', 'y', 'z'],
    ['4', '5" pipe', 'z'],
  ])
  expect(quotes).toEqual({ ...noQuotes, clean: 2 })
  expect(lines).toMatchObject({ total: 6, rows: 4, continuation: 1 })
})

test('quotes that are none are a part of the text', () => {
  expect(read('"1","x, y"\n2,"y,z', { quote: 'none' })).toMatchObject({
    cells: [
      ['"1"', '"x', ' y"'],
      ['2', '"y', 'z'],
    ],
    quotes: noQuotes,
  })
})

test('backslashes before quotes are counted by line', () => {
  const text = '1,"x \\"y\\"",z\n2,"p\n\\"q\\" r",s\n3,y,z'
  expect(read(text, { quote: 'backslash' })).toMatchObject({
    cells: [
      ['1', 'x "y"', 'z'],
      ['2', 'p\n"q" r', 's'],
      ['3', 'y', 'z'],
    ],
    quotes: { ...noQuotes, clean: 2, backslashes: 2 },
  })
})

describe('quotes within a text that are not doubled', () => {
  test.for([
    ['1,"say "hi" now",z', ['1', 'say "hi" now', 'z']],
    ['"x" and "y",2,3', ['x" and "y', '2', '3']],
    ['1,"x" y,"z"', ['1', '"x" y', 'z']],
  ] as const)('of %s are read so that the row has the cells of the header', ([line, cells]) => {
    const { quotes, remarks, ...found } = read(line)
    expect(found).toMatchObject({ cells: [cells], rejected: [] })
    expect([quotes.stray, remarks.count('stray_quotes')]).toEqual([1, 1])
  })

  test('reject the row if it cannot be read so', () => {
    const found = read('1,"x" and "y", z,w\n2,y,z')
    expect(found).toMatchObject({ cells: [['2', 'y', 'z']], rejected: [[2, 'quotes']], quotes: { stray: 1 } })
    expect(found.messages[0]).toContain('cannot be read as the 3 cells of the header')
  })

  test('are assumed where a row fits only without its quotes', () => {
    expect(read('1,"x, y"')).toMatchObject({ cells: [['1', '"x', ' y"']], quotes: { stray: 1, clean: 0 } })
    expect(read('1,"x"')).toMatchObject({ cells: [['1', 'x']], quotes: { stray: 0, clean: 1 } })
    expect(read('1,"x, y",z,"w"')).toMatchObject({ quotes: { stray: 0, clean: 1 } })
  })
})

describe('a quote that closes lines later', () => {
  test('rejects each of its lines if they look like rows', () => {
    const found = read('1,y,"z\n2,y,z\n\n3,y,z"\n4,y,z')
    expect(found).toMatchObject({
      cells: [['4', 'y', 'z']],
      rejected: [[2, 'quotes'], [3, 'quotes'], [5, 'quotes']], // prettier-ignore
      quotes: { ...noQuotes, swallowed: 1 },
      lines: { rejected: 3, blank: 1, rows: 1 },
    })
    expect(found.messages[0]).toContain('a quote opens in line 2 and closes in line 5')
    expect(found.remarks.remark('swallowed_lines', () => '')).toMatchObject({ count: 4, lines: [2, 3, 4, 5] })
  })

  test.for([
    ['its first and last lines look like rows', '1,y,"z\nx\n3,y,z"', true],
    ['its first line and one in between do', '1,y,"z\n2,y,z\nw"', true],
    ['only the first line does', '1,y,"z\nw\nv"', false],
    ['only the last line does', '1,"y\nx\nw,z,u"', false],
    ['only one in between does', '1,"y\nx,x,x\nw",z', false],
  ] as const)('belongs to a cell unless %s', ([, text, isSwallowed]) => {
    expect(read(text).quotes).toMatchObject(isSwallowed ? { swallowed: 1, clean: 0 } : { swallowed: 0, clean: 1 })
  })

  test('belongs to a cell if a person says so', () => {
    expect(read('1,y,"z\n3,y,z"', { isQuoteChosen: true })).toMatchObject({
      cells: [['1', 'y', 'z\n3,y,z']],
      quotes: { swallowed: 0, clean: 1 },
    })
  })
})

describe('a quote that never closes', () => {
  test('rejects its line, and those after it are rows', () => {
    const found = read('1,y,"z\n2,y,z\n3,"p\nq",r')
    expect(found).toMatchObject({
      cells: [
        ['2', 'y', 'z'],
        ['3', 'p\nq', 'r'],
      ],
      rejected: [[2, 'quotes']],
      quotes: { ...noQuotes, unclosed: 1, clean: 1 },
    })
    expect(found.messages).toEqual(['a quote that opens in this line is never closed'])
  })

  test('in the last lines of a file without a line end may be cut off', () => {
    const found = read('1,y,"z', { hasLineEnd: false })
    expect(found.rejected).toEqual([[2, 'cut_off']])
    expect(found.messages[0]).toContain('so the file may be cut off')
    expect(read('1,y,"z').rejected).toEqual([[2, 'quotes']])
  })

  test('is given up when its row has more cells than the header, or its cell is too long', () => {
    expect(read('1,"y\nx",2,3,4\n5,y,z')).toMatchObject({ rejected: [[2, 'quotes']], quotes: { unclosed: 1 } })
    expect(read('1,"y\nx",2\n5,y,z')).toMatchObject({ rejected: [], quotes: { unclosed: 0 } })
    const long = (length: number) => read(`1,"y\n${'x'.repeat(length)}\nx",z`).quotes
    expect(long(65_536)).toMatchObject({ clean: 1, unclosed: 0 })
    expect(long(65_537)).toMatchObject({ clean: 0 })
    // The length is that of one cell.
    const half = 'x'.repeat(40_000)
    expect(read(`"1\n${half}","y\n${half}",z`).quotes).toMatchObject({ clean: 1, unclosed: 0 })
  })
})

test('damaged and garbled characters are remarked with their lines', () => {
  const { remarks } = read('1,\uFFFDx\uFFFD,z\n2,"y\n\uFFFD",PrÃ¼fung')
  expect(remarks.remark('damaged_text', () => '')).toMatchObject({ count: 3, lines: [2, 4] })
  expect(remarks.remark('garbled_text', () => '')).toMatchObject({ count: 1, lines: [4] })
})
