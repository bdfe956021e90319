import { expect, test } from 'vitest'
import type { FoundEncoding } from './byte-patterns.ts'
import type { CsvDialect } from './csv-dialect.ts'
import { csvRemarks } from './csv-remarks.ts'
import { CsvRows } from './csv-rows.ts'

const usual: CsvDialect = {
  delimiter: ',',
  quote: 'double',
  isQuoteChosen: false,
  header: ['order', 'stage', 'time'],
  preambleLines: 0,
  headerLines: 1,
  looksLikeData: false,
}
const utf8: FoundEncoding = { name: 'utf-8', certainty: 'valid' }

/** The remarks on a text that was read in this way. */
function remarksOn(lines: readonly string[], dialect: Partial<CsvDialect> = {}, encoding = utf8, hasLineEnd = true) {
  const rows = new CsvRows({ ...usual, ...dialect })
  rows.add(lines)
  rows.end(hasLineEnd)
  return csvRemarks(rows.account, { ...usual, ...dialect }, encoding)
}

const header = 'order,stage,time'

test('a plain text has no remarks', () => {
  expect(remarksOn([header, 'A,pick,1', 'B,"pack, twice",2'])).toEqual([])
})

test('a guess of the encoding is told with the other possibility', () => {
  const guess = { name: 'gb18030', certainty: 'doubtful' } as const
  expect(remarksOn([header, 'A,pick,1'], {}, { ...guess, alternative: 'big5' })).toMatchObject([
    {
      code: 'encoding_doubtful',
      count: 1,
      lines: [],
      params: { encoding: 'gb18030', alternative: 'big5' },
      text: expect.stringContaining('read as gb18030, may be big5;'),
    },
  ])
  expect(remarksOn([header, 'A,pick,1'], {}, guess)).toMatchObject([
    { params: { alternative: '' }, text: expect.stringContaining('may be another;') },
  ])
  expect(remarksOn([header, 'A,pick,1'], {}, { name: 'gb18030', certainty: 'likely' })).toEqual([])
})

test('lines before the header are told with the line of the header', () => {
  const lines = ['Orders', '', 'of ACME', header, 'A,pick,1']
  expect(remarksOn(lines, { preambleLines: 3 })).toMatchObject([
    {
      code: 'preamble_skipped',
      count: 2,
      lines: [4],
      text: 'the header was found in line 4; 2 lines before it skipped (--skip-lines chooses how many)',
    },
  ])
  expect(remarksOn(['', header, 'A,pick,1'], { preambleLines: 1 })).toEqual([])
})

test('a header that looks like data is told', () => {
  const dialect = { looksLikeData: true, header: ['A', 'pick', '1'], preambleLines: 1 }
  expect(remarksOn(['Orders', 'A,pick,1', 'B,pack,2'], dialect)).toMatchObject([
    { code: 'no_header', count: 1, lines: [2], params: { header: 'A, pick, 1' } },
  ])
})

test('how quotes were read is told, unless a person chose it', () => {
  const codes = (dialect: Partial<CsvDialect>) => remarksOn([header, 'A,pick,1'], dialect).map(({ code }) => code)
  expect(codes({ quote: 'none' })).toEqual(['quotes_not_used'])
  expect(codes({ quote: 'backslash' })).toEqual(['backslash_quotes'])
  expect(codes({ quote: 'none', isQuoteChosen: true })).toEqual([])
  expect(codes({ quote: 'backslash', isQuoteChosen: true })).toEqual([])
})

test('what was read with doubt is told with its lines', () => {
  const lines = [
    header,
    'A,pick \uFFFD\uFFFD,1',
    'B,"say "hi" now",2',
    'C,"pack,3',
    'D,pack,4',
    'E,PrÃ¼fung,5',
    'F,ship',
    'G,ship,7',
    'Total,,7',
    'Printed by X',
  ]
  expect(remarksOn(lines).map(({ code, count, lines: places, params }) => [code, count, places, params])).toEqual([
    ['damaged_text', 2, [2], { encoding: 'utf-8' }],
    ['stray_quotes', 1, [3], {}],
    ['swallowed_lines', 1, [4], {}],
    ['uneven_rows', 1, [7], {}],
    ['garbled_text', 1, [6], {}],
    ['trailing_lines', 2, [9, 10], { trailing: 2 }],
  ])
  const cut = remarksOn([header, 'A,pick,1', 'B,pa'], {}, utf8, false)
  expect(cut).toMatchObject([{ code: 'cut_off', lines: [3], text: expect.stringContaining('line 3') }])
})
