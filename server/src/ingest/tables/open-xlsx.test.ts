import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { sheetInstant, xlsxFile } from '../../platform/xlsx-file.ts'
import { readTable } from './testing/read-table.ts'
import { sheetData, workbookOf } from './testing/workbook.ts'

async function written(
  rows: readonly (readonly (string | number | { days: number } | undefined)[])[],
): Promise<Buffer> {
  async function* pieces() {
    yield rows
  }
  return Buffer.concat(
    await Array.fromAsync(xlsxFile({ name: 'Orders', titles: ['order', 'stage', 'time', 'n'], rows: pieces() })),
  )
}

test('texts, numbers and moments of a workbook that the product writes', async () => {
  const at = sheetInstant(Date.UTC(2026, 10, 3, 8, 5, 6))
  const { header, cells, facts, remarks } = await readTable(
    await written([
      ['000123', 'pick', at, 13.75],
      ['A & <B>', undefined, at, 1e15],
    ]),
  )
  expect(header).toEqual(['order', 'stage', 'time', 'n'])
  expect(cells).toEqual([
    ['000123', 'pick', '2026-11-03 08:05:06', '13.75'],
    ['A & <B>', '', '2026-11-03 08:05:06', '1000000000000000'],
  ])
  expect(facts).toMatchObject({
    kind: 'xlsx',
    sheet: 'Orders',
    sheets: ['Orders'],
    rows: 2,
    lines: { total: 3, header: 1, rows: 2 },
  })
  expect(remarks).toEqual([])
})

test('many rows are read as they are written', async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => [`SO-${i}`, 'a stage with a longer name', i / 7, i])
  const { cells } = await readTable(await written(rows))
  expect(cells).toEqual(rows.map((row) => row.map(String)))
})

const row = (n: number, xml: string) => `<row r="${n}">${xml}</row>`
const text = (place: string, value: string) => `<c r="${place}" t="inlineStr"><is><t>${value}</t></is></c>`

test('shared texts, booleans, errors, formulas and numbers as they are shown', async () => {
  const bytes = workbookOf({
    texts:
      '<si><t>order</t></si><si><r><t>SO</t></r><r><t xml:space="preserve">-1 </t></r><rPh><t>esu</t></rPh></si><si><t>a_x000A_b</t></si>',
    formats: ['000000', 'yyyy"年"m"月"d"日" h:mm', '[h]:mm:ss', '#,##0.00 "d"', '[$-804]yyyy/m/d;@', '[Red]0.00E+00'],
    sheets: [
      {
        name: 'S',
        xml: `<sheetData>${row(1, `<c r="A1" t="s"><v>0</v></c>${['B', 'C', 'D', 'E', 'F', 'G', 'H'].map((c) => text(`${c}1`, c)).join('')}`)}${row(
          2,
          '<c r="A2" t="s"><v>1</v></c><c r="B2" t="b"><v>1</v></c><c r="C2" t="e"><v>#N/A</v></c><c r="D2" t="str"><f>A2</f><v>calc</v></c><c r="E2" s="1"><v>123</v></c><c r="F2" s="2"><v>46329.333333333336</v></c><c r="G2" s="3"><v>1.0625</v></c><c r="H2" t="s"><v>2</v></c>',
        )}${row(3, '<c t="s"><v>1</v></c><c s="4"><v>5</v></c><c s="5"><v>46329</v></c><c s="7"><v>46329</v></c><c s="6"><v>2</v></c><c><v>1.23457E+18</v></c><c><v>4.5E1</v></c>')}</sheetData>`,
      },
    ],
  })
  const { cells, remarks } = await readTable(bytes)
  expect(cells).toEqual([
    ['SO-1 ', 'true', '', 'calc', '000123', '2026-11-03 08:00:00', '25:30:00', 'a\nb'],
    ['SO-1 ', '5', '2026-11-03', '2026-11-03 00:00:00', '2', '1.23457E+18', '45'],
  ])
  expect(remarks).toMatchObject([{ code: 'formula_errors', count: 1, lines: [2] }])
})

test.for([
  [false, '60.5', '1900-02-28 12:00:00'],
  [false, '1', '1900-01-01'],
  [false, '61', '1900-03-01'],
  [false, '46329.999999', '2026-11-03 23:59:59.914'],
  [true, '44867.5', '2026-11-03 12:00:00'],
] as const)('with 1904 %s, day %s is %s', async ([since1904, days, shown]) => {
  const xml = `<sheetData>${row(1, text('A1', 'order') + text('B1', 'time'))}${row(2, `${text('A2', 'A')}<c r="B2" s="1"><v>${days}</v></c>`)}</sheetData>`
  const { cells } = await readTable(workbookOf({ since1904, formats: ['yyyy-mm-dd'], sheets: [{ name: 'S', xml }] }))
  expect(cells).toEqual([['A', shown]])
})

test('merged cells hold for all their rows', async () => {
  const xml = `${sheetData([
    ['Orders of ACME'],
    ['order', 'customer', 'stage', 'time'],
    ['A', 'X', 'pick', '1'],
    [undefined, undefined, 'pack', '2'],
    [undefined, undefined, 'ship', '3'],
    ['B', undefined, 'pick', '4'],
    [undefined, 'Y', 'pack', '5'],
    ['Total', undefined, undefined, '5'],
  ])}<mergeCells count="4"><mergeCell ref="A1:D1"/><mergeCell ref="A3:A5"/><mergeCell ref="B3:B5"/><mergeCell ref="A6:A7"/></mergeCells>`
  const { cells, facts, remarks } = await readTable(workbookOf({ sheets: [{ name: 'S', xml }] }))
  expect(cells).toEqual([
    ['A', 'X', 'pick', '1'],
    ['A', 'X', 'pack', '2'],
    ['A', 'X', 'ship', '3'],
    ['B', '', 'pick', '4'],
    ['B', 'Y', 'pack', '5'],
  ])
  expect(facts.lines).toMatchObject({ total: 8, preamble: 1, header: 1, rows: 5, trailing: 1 })
  expect(remarks.map(({ code, count }) => [code, count])).toEqual([
    ['preamble_skipped', 1],
    ['merged_cells', 5],
    ['trailing_lines', 1],
  ])
})

test('the first sheet that is not hidden, or the one that is asked for', async () => {
  const sheet = (name: string, state?: string) => ({
    name,
    xml: sheetData([['order'], [name]]),
    ...(state && { state }),
  })
  const bytes = workbookOf({ sheets: [sheet('Notes', 'hidden'), sheet('Orders'), sheet('Old')] })
  const first = await readTable(bytes)
  expect(first.cells).toEqual([['Orders']])
  expect(first.remarks).toMatchObject([{ code: 'other_sheets', text: expect.stringContaining('Notes, Old') }])
  expect((await readTable(bytes, { sheet: 'old ' })).cells).toEqual([['Old']])
  await expect(readTable(bytes, { sheet: 'New' })).rejects.toThrow('no sheet New; it has: Notes, Orders, Old')
})

test.for<[string, Record<string, Uint8Array>]>([
  ['one CSV file', { 'a.csv': Buffer.from('a,b\n1,2\n'), '__MACOSX/._a.csv': Buffer.of(1), 'x/': Buffer.of() }],
  [
    'one workbook',
    {
      'a.xlsx': workbookOf({
        sheets: [
          {
            name: 'S',
            xml: sheetData([
              ['a', 'b'],
              ['1', '2'],
            ]),
          },
        ],
      }),
    },
  ],
])('a zip archive of %s is read', async ([, files]) => {
  expect((await readTable(zipSync(files))).cells).toEqual([['1', '2']])
})

test.for<[string, Record<string, Uint8Array>, string]>([
  ['several files', { 'a.csv': Buffer.of(1), 'b.csv': Buffer.of(2) }, 'with 2 files (a.csv, b.csv)'],
  ['a PDF', { 'a.pdf': Buffer.from('%PDF-1.7') }, 'a.pdf in the zip archive is a PDF document'],
  ['nothing', {}, 'archive is empty'],
  ['the parts of an OpenDocument file', { mimetype: Buffer.of(1), 'content.xml': Buffer.of(1) }, 'OpenDocument'],
  ['a binary workbook', { '[Content_Types].xml': Buffer.of(1), 'xl/workbook.bin': Buffer.of(1) }, '.xlsb'],
])('a zip archive of %s is named', async ([, files, reason]) => {
  await expect(readTable(zipSync(files))).rejects.toThrow(reason)
})

test('a workbook that was cut off is refused', async () => {
  const bytes = await written([['A', 'pick', 1, 1]])
  await expect(readTable(bytes.subarray(0, bytes.length - 100))).rejects.toThrow('damaged or cut off')
})
