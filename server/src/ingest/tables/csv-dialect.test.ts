import { describe, expect, test } from 'vitest'
import { detectDialect } from './csv-dialect.ts'
import type { TableOptions } from './table-file.ts'

const detect = (text: string, options: TableOptions = {}) => detectDialect(text.split('\n'), options)

test('what was detected is told, and what was chosen', () => {
  expect(detect('Orders\n\norder; stage ;time\nA;pick;1\nB;pack;2')).toEqual({
    delimiter: ';',
    quote: 'double',
    isQuoteChosen: false,
    header: ['order', 'stage', 'time'],
    preambleLines: 2,
    headerLines: 1,
    looksLikeData: false,
  })
  expect(detect('a,b\n1,2', { quote: 'none' })).toMatchObject({ quote: 'none', isQuoteChosen: true })
  expect(detect('a,b\n1,2', { quote: 'backslash' })).toMatchObject({ quote: 'backslash', isQuoteChosen: true })
  expect(detect('A,1\nB,2')).toMatchObject({ looksLikeData: true, preambleLines: 0 })
})

test.for([
  ['', 'blank'],
  ['\n \n,,', 'blank'],
  ['sep=;', 'blank'],
] as const)(
  // prettier-ignore
  '%j has no header',
  ([text]) => {
    expect(detect(text)).toBeUndefined()
  },
)

describe('the delimiter', () => {
  test.for([
    [';', 'a;b\n1,5;2\n2,5;3\n3;4'],
    [',', 'a;b,c\n1;2,3\n4,5'],
    // All three lines have a comma, and two of them a semicolon.
    [',', 'a;x,b\n1;y,2\n3,4'],
    // As regular as another one, with more columns.
    [';', 'a;b;c,d\n1;2;3,4'],
    ['\t', 'a\tb c\n1\t2'],
    ['|', '|a|b|\n|1|2|'],
    [',', 'a'],
  ] as const)('%j is that with which most rows are alike: %j', ([delimiter, text]) => {
    expect(detect(text)).toMatchObject({ delimiter })
  })

  test('is the one that is told, in the options or in the first line', () => {
    expect(detect('a,b^c\n1,2^3', { delimiter: '^' })).toMatchObject({ delimiter: '^', header: ['a,b', 'c'] })
    const told = { delimiter: ';', header: ['a,b,c', 'd'], preambleLines: 1 }
    expect(detect('sep=;\na,b,c;d\n1,2,3;4')).toMatchObject(told)
    expect(detect('"SEP=;"\na,b,c;d\n1,2,3;4')).toMatchObject(told)
    expect(detect('sep=;\na,b\n1,2', { delimiter: ',' })).toMatchObject({ delimiter: ',', header: ['a', 'b'] })
    // A person who says where the header is means that line.
    expect(detect('sep=;\na,b\n1,2', { skipLines: 1 })).toMatchObject({ delimiter: ',', preambleLines: 1 })
    expect(detect('sep=;\na,b\n1,2', { skipLines: 0 })).toMatchObject({ preambleLines: 0 })
  })

  test('stands where quotes end', () => {
    expect(detect('"a";"b,c"\n"1";"x,y"\n"2";"z,w"')).toMatchObject({ delimiter: ';' })
    expect(detect('a,b\n1,"x; ""y"" ;z"\n2,"x;y"')).toMatchObject({ delimiter: ',' })
  })

  test('is known by the first hundred rows', () => {
    const text = (rows: number) =>
      ['a,b', ...Array.from({ length: rows - 1 }, () => '1,2'), ...Array.from({ length: 300 }, () => '1;2;3')].join(
        '\n',
      )
    expect(detect(text(100))).toMatchObject({ delimiter: ',' })
    expect(detect(text(20))).toMatchObject({ delimiter: ';' })
  })
})

describe('the header', () => {
  test('is the first row after the lines that a person says are before it', () => {
    expect(detect('x,y,z\n1,2\n3,4', { skipLines: 1 })).toMatchObject({ header: ['1', '2'], preambleLines: 1 })
    expect(detect('x,y\n\na,b\n3,4', { skipLines: 1 })).toMatchObject({ header: ['a', 'b'], preambleLines: 2 })
    expect(detect('x,y', { skipLines: 1 })).toBeUndefined()
  })

  test('may have several lines', () => {
    expect(detect('Orders\n"order","stage\nor step","time"\nA,pick,1\nB,pack,2')).toMatchObject({
      header: ['order', 'stage\nor step', 'time'],
      preambleLines: 1,
      headerLines: 2,
    })
  })

  test('has thirty lines at most: a quote that does not close is a part of its text', () => {
    const text = (lines: number) => `a,"${'x\n'.repeat(lines - 1)}",c\n1,2,3`
    expect(detect(text(30))).toMatchObject({ headerLines: 30 })
    expect(detect(text(31))).toMatchObject({ headerLines: 1 })
  })
})
