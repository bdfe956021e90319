import { unzipSync, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { readTable } from './testing/read-table.ts'
import { sheetData, workbookOf } from './testing/workbook.ts'

const sheet = (name: string, state?: string) => ({
  name,
  xml: sheetData([
    ['order', 'stage'],
    [name, 'pick'],
  ]),
  ...(state !== undefined && { state }),
})

/** A workbook in which texts of its parts are replaced. */
function changed(workbook: Uint8Array, changes: Readonly<Record<string, readonly [from: string, to: string]>>): Buffer {
  const parts = unzipSync(workbook)
  for (const [name, [from, to]] of Object.entries(changes)) {
    const text = Buffer.from(parts[name] ?? []).toString()
    if (!text.includes(from)) throw new Error(`${name} has no ${from}: ${text}`)
    parts[name] = Buffer.from(text.replaceAll(from, to))
  }
  return Buffer.from(zipSync(parts))
}

describe('the sheets of a workbook', () => {
  test('that are hidden are read only if all are', async () => {
    const first = async (...states: readonly (string | undefined)[]) => {
      const { cells } = await readTable(workbookOf({ sheets: states.map((state, i) => sheet(`S${i}`, state)) }))
      return cells[0]?.[0]
    }
    expect(await first('hidden', 'veryHidden', 'visible')).toBe('S2')
    expect(await first('hidden', 'hidden')).toBe('S0')
    expect(await first('visible', 'visible')).toBe('S0')
  })

  test('are found by their name, whatever its case and the blanks around it', async () => {
    const bytes = workbookOf({ sheets: [sheet('Notes'), sheet(' Orders 2026 ')] })
    const { facts, cells } = await readTable(bytes, { sheet: 'ORDERS 2026' })
    expect(facts).toMatchObject({ sheet: ' Orders 2026 ', sheets: ['Notes', ' Orders 2026 '] })
    expect(cells).toEqual([[' Orders 2026 ', 'pick']])
  })

  test('are none if they are charts', async () => {
    const bytes = workbookOf({ sheets: [sheet('Chart'), sheet('Orders')] })
    const charts = ['Id="s0" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"', 'Id="s0" Type="x/chartsheet"'] as const // prettier-ignore
    expect((await readTable(changed(bytes, { 'xl/_rels/book.xml.rels': charts }))).facts.sheets).toEqual(['Orders'])
    const only = workbookOf({ sheets: [sheet('Chart')] })
    await expect(readTable(changed(only, { 'xl/_rels/book.xml.rels': charts }))).rejects.toThrow(
      'the workbook has no sheet with cells',
    )
  })

  test('are remarked on when others are not read', async () => {
    const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G']
    const of = async (count: number) =>
      (await readTable(workbookOf({ sheets: names.slice(0, count).map((name) => sheet(name)) }))).remarks
    expect(await of(1)).toEqual([])
    expect(await of(6)).toMatchObject([
      {
        code: 'other_sheets',
        count: 5,
        params: { sheet: 'A', others: 'B, C, D, E, F' },
        text: 'sheet A was read, not B, C, D, E, F; --sheet chooses',
      },
    ])
    expect(await of(7)).toMatchObject([{ count: 6, text: 'sheet A was read, not B, C, D, E, F …; --sheet chooses' }])
  })
})

describe('the parts of a workbook', () => {
  const bytes = workbookOf({
    sheets: [{ name: 'S', xml: '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" s="1"><v>7</v></c></row></sheetData>' }], // prettier-ignore
    texts: '<si><t>order</t></si>',
    formats: ['000'],
  })

  test('are found from the root of the archive or from their folder', async () => {
    expect((await readTable(bytes)).cells).toEqual([['007']])
    const absolute = { 'xl/_rels/book.xml.rels': ['Target="', 'Target="/xl/'] } as const
    expect((await readTable(changed(bytes, absolute))).cells).toEqual([['007']])
    const relative = { '_rels/.rels': ['Target="/xl/', 'Target="./xl/'] } as const
    expect((await readTable(changed(bytes, relative))).cells).toEqual([['007']])
  })

  test('may lack texts and formats', async () => {
    const xml = sheetData([['order'], ['A']])
    const plain = workbookOf({ sheets: [{ name: 'S', xml }] })
    const without = { 'xl/_rels/book.xml.rels': ['Id="t"', 'Id="u"'] } as const
    const parts = unzipSync(changed(plain, without))
    delete parts['xl/texts.xml']
    delete parts['xl/styles.xml']
    expect((await readTable(zipSync(parts))).cells).toEqual([['A']])
  })

  test('that are missing are named', async () => {
    const parts = unzipSync(bytes)
    delete parts['xl/worksheets/sheet0.xml']
    await expect(readTable(zipSync(parts))).rejects.toThrow('it lacks its part xl/worksheets/sheet0.xml')
  })

  test.for([
    ['1', true],
    ['true', true],
    ['0', false],
    ['false', false],
  ] as const)('say with date1904="%s" since when days are counted: since 1904 %s', async ([value, since1904]) => {
    const { facts } = await readTable(changed(bytes, { 'xl/book.xml': ['date1904="0"', `date1904="${value}"`] }))
    expect(facts).toMatchObject({ since1904 })
  })
})

test('texts may have several runs, phonetic texts, and characters that XML lacks', async () => {
  const texts =
    '<si><t>order</t></si><si><r><t>SO</t></r><r><t>-1</t></r></si>' +
    '<si><t>東京</t><rPh><t>とうきょう</t></rPh><phoneticPr/></si><si><t>a_x000D_b_x005F_c_xyz_</t></si><si/>'
  const row = (n: number) => `<row r="${n}"><c r="A${n}" t="s"><v>${n - 1}</v></c><c r="B${n}"><v>${n}</v></c></row>`
  const xml = `<sheetData>${[1, 2, 3, 4, 5].map(row).join('')}</sheetData>`
  const { cells } = await readTable(workbookOf({ sheets: [{ name: 'S', xml }], texts }), { skipLines: 0 })
  expect(cells).toEqual([['SO-1', '2'], ['東京', '3'], ['a\rb_c_xyz_', '4'], ['', '5']]) // prettier-ignore
})

test('blanks between the elements of a text are no part of it', async () => {
  const texts = '\n <si>\n <t>A</t>\n </si>\n <si> <r> <t>or</t> </r> <r> <t>der</t> </r> </si>\n'
  const cell = (n: number, text: number) => `<row r="${n}"> <c r="A${n}" t="s"> <v>${text}</v> </c> </row>`
  const inline = '<row r="3"> <c r="A3" t="inlineStr"> <is> <t>B</t> </is> </c> </row>'
  const xml = `<sheetData> ${cell(1, 1)} ${cell(2, 0)} ${inline} </sheetData>`
  const { header, cells } = await readTable(workbookOf({ sheets: [{ name: 'S', xml }], texts }))
  expect([header, ...cells]).toEqual([['order'], ['A'], ['B']])
})
