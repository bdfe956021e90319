import * as fc from 'fast-check'
import { costlyPropertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import { expect, test } from 'vitest'
import type { QuoteStyle } from './table-facts.ts'
import { encodeText } from './testing/encode-text.ts'
import type { ReadTable } from './testing/read-table.ts'
import { readTable } from './testing/read-table.ts'

interface Written {
  readonly encoding: string
  readonly delimiter: string
  readonly quote: QuoteStyle
  readonly skipLines: number
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly bytes: Buffer
}

/** Vocabulary of the test texts by encoding. */
const words: Readonly<Record<string, readonly string[]>> = {
  'utf-8': ['包装', 'Prüfung', '出荷', 'naïve', '🚚'],
  'utf-16le': ['包装', 'Prüfung', '出荷'],
  gb18030: ['包装', '发货', '上海某某电子有限公司', '订单', '复核', '甲公司'],
  big5: ['包裝', '出貨', '台北某某電子有限公司', '訂單', '覆核', '公司'],
  shift_jis: ['ピッキング', '出荷', '東京の電子部品', '注文', '検査します'],
  'windows-1252': ['Prüfung', 'Übergabe', 'Größe', 'Café', 'Señor', '5 €'],
}
const signs = [' ', '"', '""', ',', ';', '\t', '|', '\\', "'", '5"', 'x', '12.5', '-', '\n', '.']
const delimiters = [',', ';', '\t', '|']
const lineEnds = ['\n', '\r\n', '\r']

const tables = fc
  .record({
    encoding: fc.constantFrom(...Object.keys(words)),
    delimiter: fc.constantFrom(...delimiters),
    quote: fc.constantFrom('double', 'backslash', 'none'),
    lineEnd: fc.constantFrom(...lineEnds),
    width: fc.integer({ min: 3, max: 6 }),
    rowCount: fc.integer({ min: 1, max: 12 }),
    preamble: fc.integer({ min: 0, max: 3 }),
    blankAfter: fc.nat(12),
    endsWell: fc.boolean(),
    quotesAll: fc.boolean(),
  })
  .chain((dialect) =>
    fc
      .array(fc.array(textOf(dialect.encoding), { minLength: dialect.width - 1, maxLength: dialect.width - 1 }), {
        minLength: dialect.rowCount,
        maxLength: dialect.rowCount,
      })
      .map((texts) => writtenTable(dialect, texts)),
  )

function textOf(encoding: string): fc.Arbitrary<string> {
  const parts = fc.constantFrom(...(words[encoding] ?? []), ...signs)
  return fc.array(parts, { maxLength: 5 }).map((pieces) => pieces.join(''))
}

interface Dialect {
  readonly encoding: string
  readonly delimiter: string
  readonly quote: QuoteStyle
  readonly lineEnd: string
  readonly width: number
  readonly preamble: number
  readonly blankAfter: number
  readonly endsWell: boolean
  readonly quotesAll: boolean
}

function writtenTable(dialect: Dialect, texts: readonly (readonly string[])[]): Written {
  const { encoding, delimiter, quote, lineEnd } = dialect
  const header = Array.from({ length: dialect.width }, (_, i) => `column ${'abcdef'[i] ?? ''}`)
  const rows = texts.map((row, i) => [
    `SO-${i}`,
    ...row.map((text) => (quote === 'none' ? plainText(text, delimiter) : text)),
  ])
  // Without a quote after a backslash, nothing shows that backslashes are escaped.
  if (quote === 'backslash') rows.push(['SO-last', ...header.slice(1).map(() => '5" pipe')])
  const lines = [header, ...rows].map((row) => row.map((text) => writtenCell(text, dialect)).join(delimiter))
  lines.splice(1 + (dialect.blankAfter % lines.length), 0, '')
  const preamble = Array.from({ length: dialect.preamble }, (_, i) => `Export ${'xyz'[i] ?? ''}`)
  const text = [...preamble, ...lines].join('\n') + (dialect.endsWell ? '\n' : '')
  const skipLines = preamble.length
  return {
    encoding,
    delimiter,
    quote,
    skipLines,
    header,
    rows,
    bytes: encodeText(text.replaceAll('\n', lineEnd), encoding),
  }
}

/** A file without quoting cannot contain line breaks or delimiters in cells; a text enclosed in quotes looks quoted. */
function plainText(text: string, delimiter: string): string {
  const plain = text.replaceAll('\n', ' ').replaceAll(delimiter, '/')
  return plain.startsWith('"') && plain.trimEnd().endsWith('"') ? `${plain}.` : plain
}

function writtenCell(text: string, { delimiter, quote, quotesAll }: Dialect): string {
  if (quote === 'none') return text
  const isPlain = !text.includes('"') && !text.includes(delimiter) && !text.includes('\n')
  if (isPlain && !quotesAll) return text
  if (quote === 'double') return `"${text.replaceAll('"', '""')}"`
  return `"${text.replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`)}"`
}

function expectAccount({ facts, records }: ReadTable): void {
  const { total, ...parts } = facts.lines ?? { total: 0 }
  expect(Object.values(parts).reduce((sum, count) => sum + count, 0)).toBe(total)
  expect(facts.rows).toBe(records.length)
}

test('a table of any dialect that is told is read as it was written', async () => {
  await fc.assert(
    fc.asyncProperty(tables, async ({ bytes, rows, header, ...options }) => {
      const table = await readTable(bytes, options)
      expectAccount(table)
      expect(table.header).toEqual(header)
      expect(table.cells).toEqual(rows)
    }),
    costlyPropertyRuns,
  )
})

/** Remarks that indicate a possible misreading. */
const doubts: ReadonlySet<string> = new Set([
  'encoding_doubtful',
  'damaged_text',
  'stray_quotes',
  'swallowed_lines',
  'no_header',
  'cut_off',
])

test('a table of a dialect that has to be found is read as it was written, or what is doubtful is told', async () => {
  await fc.assert(
    fc.asyncProperty(tables, async ({ bytes, rows, header, quote }) => {
      const table = await readTable(bytes)
      expectAccount(table)
      const isDoubt = (code: string) => doubts.has(code) || (code === 'quotes_not_used' && quote !== 'none')
      const isTold = table.records.some(({ problem }) => problem) || table.remarks.some(({ code }) => isDoubt(code))
      expect(isTold ? [] : [table.header, ...table.cells]).toEqual(isTold ? [] : [header, ...rows])
    }),
    costlyPropertyRuns,
  )
})
