import { expect, test } from 'vitest'
import type { CsvDialect } from './csv-dialect.ts'
import { detectQuotes } from './detect-quotes.ts'
import { bytePieces } from './testing/byte-pieces.ts'

const dialect: CsvDialect = {
  delimiter: ',',
  quote: 'double',
  isQuoteChosen: false,
  header: ['a', 'b', 'c'],
  preambleLines: 0,
  headerLines: 1,
  looksLikeData: false,
}

/** The style of a file with these rows below its header. */
function styleOf(rows: readonly string[], header = 'a,b,c'): Promise<string> {
  return detectQuotes(bytePieces(`${[header, ...rows].join('\n')}\n`), 'utf-8', dialect)
}

const backslashed = String.raw`1,"5\" pipe",z`
test.for([
  ['quotes that enclose cells', ['1,"x, y",z', '2,"say ""hi""",z'], 'double'],
  ['inches', ['1,5" pipe,z'], 'double'],
  ['quotes after backslashes', [backslashed, '2,"x",z'], 'backslash'],
  ['one quote after a backslash that hides a delimiter', [String.raw`1,"x\", y",z`], 'backslash'],
  ['a path that ends in a backslash', [String.raw`1,"C:\",z`], 'double'],
  ['a path in a file of too few cells', [String.raw`1,"C:\",z`, '1,2'], 'double'],
  ['quotes after backslashes, and a row of too few cells', [backslashed, '1,2'], 'double'],
  ['quotes that never close', ['1,"x,z', '2,y,z'], 'none'],
  ['a quote that closes lines later', ['1,y,"z', '2,y,z', '3,y,z"'], 'none'],
  ['more quotes that enclose cells than broken ones', ['1,"x",z', '2,"y,z'], 'double'],
  ['more broken quotes', ['1,"x",z', '2,"y,z', '3,"y,z'], 'none'],
  ['broken quotes, of which one hides a delimiter', ['1,"x,y",z', '2,"y,z', '3,"y,z'], 'double'],
] as const)('in a file with %s the style is %s', async ([, rows, style]) => {
  expect(await styleOf(rows)).toBe(style)
})

test('quotes in the header are no coincidence', async () => {
  expect(await styleOf(['1,"x,z', '2,y,z'], '"a",b,c')).toBe('double')
})

test('the end of a file counts', async () => {
  expect(await detectQuotes(bytePieces('a,b,c\n1,x,z\n2,"y,z'), 'utf-8', dialect)).toBe('none')
})

test('after a thousand broken quotes no more are read', async () => {
  const broken = (count: number) => Array.from({ length: count }, () => `1,"y,z\n`)
  const clean = (count: number) => Array.from({ length: count }, () => '1,"y",z\n')
  const style = (...pieces: readonly string[]) => detectQuotes(bytePieces('a,b,c\n', ...pieces), 'utf-8', dialect)
  // Each broken quote is given up when the next line shows that it does not close.
  expect(await style(broken(900).join(''), clean(2000).join(''))).toBe('double')
  expect(await style(broken(1100).join(''), clean(2000).join(''))).toBe('none')
})
