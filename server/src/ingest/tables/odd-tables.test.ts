import { expect, test } from 'vitest'
import { readTable } from './testing/read-table.ts'
import { sheetData, workbookOf } from './testing/workbook.ts'

test('a file that was saved twice has several byte order marks', async () => {
  const { header, cells } = await readTable('\uFEFF\uFEFF"order_id","stage"\n"A","pick, pack"\n')
  expect(header).toEqual(['order_id', 'stage'])
  expect(cells).toEqual([['A', 'pick, pack']])
})

test.for([
  ['SAP', '|Auftrag|Menge|\n|------|-----|\n|A1    |    5|\n|------|-----|\n|A2    |    6|\n----------------\n'],
  ['Markdown', '| Auftrag | Menge |\n|---|:---:|\n| A1 | 5 |\n|---|---|\n| A2 | 6 |\n'],
  ['a console', '+----+----+\n| Auftrag | Menge |\n+----+----+\n| A1 | 5 |\n+----+----+\n| A2 | 6 |\n+----+----+\n'],
  ['SQL*Plus', 'Auftrag;Menge\n-------;-----\nA1;5\nA2;6\n'],
] as const)('lines that are drawn between rows are no rows: %s', async ([, text]) => {
  const { cells, facts, remarks } = await readTable(text)
  const values = cells.map((row) => row.map((cell) => cell.trim()).filter((cell) => cell !== ''))
  expect(values).toEqual([
    ['A1', '5'],
    ['A2', '6'],
  ])
  expect(facts.lines?.total).toBe(text.trimEnd().split('\n').length)
  expect(remarks.map(({ code }) => code)).not.toContain('merged_cells')
})

test('rows below the header of another table are rejected, until the header comes again', async () => {
  const { records, cells, facts } = await readTable(
    'order,stage,customer,time\nA,pick,ACME,8:00\nORDER,Stage,Customer,Time\nB,pick,ACME,9:00\norder,customer,stage,time\nC,Foo,pick,8:00\norder,stage,customer,time\nD,pick,ACME,8:00\n',
  )
  expect(cells.map(([order]) => order)).toEqual(['A', 'B', 'D'])
  expect(facts.lines).toMatchObject({ repeatedHeader: 2, rejected: 2 })
  expect(records.filter(({ problem }) => problem).map(({ line, problem }) => [line, problem?.message])).toEqual([
    [5, 'it names other columns than the header: the file has several tables, so split it'],
    [6, 'it belongs to the table whose columns line 5 names; split the file'],
  ])
})

test('columns of a calendar are no second header', async () => {
  const { cells } = await readTable('order,1,2,3\nA,1,2,3\nB,3,2,1\n')
  expect(cells).toHaveLength(2)
})

test('rows with more or fewer cells than the others are told', async () => {
  const { cells, remarks } = await readTable(
    'order,customer,product,note\nA,ACME, Inc.,Valve,\nB,Foo,Pipe,\nC,Foo,Pipe,\nD,Pipe,\n',
  )
  expect(cells).toHaveLength(4)
  expect(remarks).toMatchObject([{ code: 'uneven_rows', count: 2, lines: [2, 5] }])
  // A program that ends every row with a delimiter, or leaves empty cells out, says nothing by that.
  expect((await readTable('order;stage\nA;pick;\nB;pack;\n')).remarks).toEqual([])
})

test.for([
  ['UTF-8 read as windows-1252', 'PrÃ¼fung'],
  ['UTF-8 read as windows-1252, with a quotation mark', 'Ãœbergabe'],
  ['GB18030 read as UTF-8', '锟斤拷'],
  ['letters that were lost', '???'],
] as const)('%s is told', async ([, stage]) => {
  const csv = await readTable(`order,stage\nA,${stage}\nB,pick\n`)
  expect(csv.remarks).toMatchObject([{ code: 'garbled_text', count: 1, lines: [2] }])
  const sheet = { name: 'S', xml: sheetData([['order', 'stage'], ['A', stage]]) } // prettier-ignore
  expect((await readTable(workbookOf({ sheets: [sheet] }))).remarks).toMatchObject([
    { code: 'garbled_text', count: 1, lines: [2] },
  ])
})

test('letters that are rare are not damaged', async () => {
  const { remarks } = await readTable('order,stage\nA,SÃO JOSÉ\nB,ÂNGULO\nC,Ready?\nD,pâté\n')
  expect(remarks).toEqual([])
})

test.for(['Gesamtsumme', 'Total général:', 'Razem', 'Итого', '総計', '合計', '* Total'])(
  '%s after the last row is a total',
  async (name) => {
    const { cells, facts } = await readTable(`order;customer;amount\nA;ACME;1\n${name};;1\n`)
    expect(cells).toEqual([['A', 'ACME', '1']])
    expect(facts.lines?.trailing).toBe(1)
  },
)

test('a sentence below the table is no row, even with the delimiters of one', async () => {
  const { cells, facts } = await readTable('order;customer;amount\nA;ACME;1\nAnzahl: 1;;\n1 Datensatz gelesen;;\n')
  expect(cells).toHaveLength(1)
  expect(facts.lines?.trailing).toBe(2)
})

test('formulas that were never calculated are told', async () => {
  const xml = `<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>order</t></is></c><c r="B1" t="inlineStr"><is><t>customer</t></is></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2"><f>VLOOKUP(A2)</f></c></row><row r="3"><c r="A3"><v>2</v></c><c r="B3" t="str"><f>""</f><v></v></c></row></sheetData>`
  const { cells, remarks } = await readTable(workbookOf({ sheets: [{ name: 'S', xml }] }))
  expect(cells.map(([order]) => order)).toEqual(['1', '2'])
  expect(remarks).toMatchObject([{ code: 'formulas_empty', count: 1, lines: [2] }])
})

test.for([
  ['"SO-"0000', '123', 'SO-0123'],
  ['"SO-"#', '123', 'SO-123'],
  ['[Red]"Nr. "General', '7', 'Nr. 7'],
  [String.raw`000\-00\-0000`, '123456789', '123-45-6789'],
  ['0000', '12345', '12345'],
  ['0" Stk"', '5', '5'],
  ['#,##0', '1234', '1234'],
  ['0.00', '1234', '1234'],
] as const)('a number of format %s is the code that a spreadsheet shows', async ([format, value, text]) => {
  const xml = `<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>order</t></is></c></row><row r="2"><c r="A2" s="1"><v>${value}</v></c></row></sheetData>`
  const { cells } = await readTable(workbookOf({ sheets: [{ name: 'S', xml }], formats: [format] }))
  expect(cells).toEqual([[text]])
})
