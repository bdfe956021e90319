import { describe, expect, test } from 'vitest'
import { bytePieces } from './testing/byte-pieces.ts'
import { columnNumber, readMergedCells } from './xlsx-merges.ts'
import { SheetRows } from './xlsx-rows.ts'
import { readXml } from './read-xml.ts'

const workbook = {
  sheets: ['S'],
  sheet: 'S',
  part: 's.xml',
  texts: ['first', 'second'],
  formats: [{ kind: 'number' }, { kind: 'time', hasDate: true, hasClock: false }],
  since1904: false,
} as const

/** The rows of a sheet with the number of each, and its remarks. */
async function read(rows: string, merges: readonly string[] = []) {
  const references = merges.map((reference) => `<mergeCell ref="${reference}"/>`).join('')
  const sheet = bytePieces(
    `<worksheet><sheetData>${rows}</sheetData><mergeCells>${references}</mergeCells></worksheet>`,
  )
  const sheetRows = new SheetRows(workbook, await readMergedCells(sheet))
  const found: string[] = []
  for await (const _ of readXml(sheet, 'utf-8', sheetRows))
    found.push(...sheetRows.taken().map(({ line, cells }) => `${line}: ${cells.join('|')}`))
  const remarks = ['merged_cells', 'formula_errors', 'formulas_empty'] as const
  return {
    rows: found,
    remarks: remarks.flatMap((code) => {
      const remark = sheetRows.remarks.remark(code, () => '')
      return remark === undefined ? [] : [`${code} ${remark.count}: ${remark.lines.join(' ')}`]
    }),
  }
}

const row = (line: number, ...cells: readonly string[]) =>
  `<row r="${line}">${cells.map((cell) => cell.replace('@', String(line))).join('')}</row>`
const cell = (column: string, value: string, more = '') => `<c r="${column}@" ${more}><v>${value}</v></c>`

describe('a cell', () => {
  test('stands where its reference says, or beside the last one', async () => {
    const { rows } = await read(
      `${row(2, cell('B', '1'), '<c><v>2</v></c>', cell('AB', '3'))}<row><c><v>4</v></c><c><v>5</v></c></row>`,
    )
    expect(rows).toEqual([`2: |1|2${'|'.repeat(25)}3`, '3: 4|5'])
  })

  test('is read up to one column more than a table may have', async () => {
    const { rows } = await read(row(1, cell('A', '1'), cell('GS', '2'), cell('GT', '3')))
    expect(columnNumber('GS')).toBe(201)
    expect(rows[0]?.split('|')).toHaveLength(201)
  })

  test.for([
    ['t="s"', '1', 'second'],
    ['t="s"', '7', ''],
    ['t="b"', '1', 'true'],
    ['t="b"', '0', 'false'],
    ['t="b"', 'x', ''],
    ['t="str"', ' x ', ' x '],
    ['t="d"', '2026-11-03T00:00:00Z', '2026-11-03T00:00:00Z'],
    ['t="n"', '1E2', '100'],
    ['', '46329', '46329'],
    ['s="1"', '46329', '2026-11-03'],
    ['s="9"', '46329', '46329'],
    ['t="e"', '#N/A', ''],
  ] as const)('of the kind %s with %s is %j', async ([kind, value, text]) => {
    expect((await read(row(1, cell('A', value, kind), cell('B', '0')))).rows).toEqual([`1: ${text}|0`])
  })

  test('does not hand its kind or value on', async () => {
    const { rows } = await read(row(1, cell('A', '1', 't="s" s="1"'), cell('B', '5'), '<c r="C1"/>', '<c r="D1"><v>6</v></c>')) // prettier-ignore
    expect(rows).toEqual(['1: second|5||6'])
    const inline = '<c r="A1" t="inlineStr"><is><t>x</t></is></c><c r="B1" t="inlineStr"><is><t>y</t></is></c>'
    expect((await read(`<row r="1">${inline}</row>`)).rows).toEqual(['1: x|y'])
  })

  test('with an error or without the value of its formula is told', async () => {
    const { remarks } = await read(
      row(1, cell('A', '#N/A', 't="e"'), '<c r="B1"><f>A1</f></c>', '<c r="C1"><f>A1</f><v>1</v></c>', '<c r="D1"/>') +
        row(2, cell('A', '#REF!', 't="e"'), cell('B', '#REF!', 't="e"')),
    )
    expect(remarks).toEqual(['formula_errors 3: 1 2 2', 'formulas_empty 1: 1'])
  })
})

describe('merged cells', () => {
  test('have their value in each of their rows, also in those that have no cells', async () => {
    const { rows, remarks } = await read(row(1, cell('A', '1'), cell('B', '2')) + row(2) + row(3, cell('B', '3')) + row(4), [
      'A1:A3',
    ]) // prettier-ignore
    expect(rows).toEqual(['1: 1|2', '2: 1', '3: 1|3', '4: '])
    expect(remarks).toEqual(['merged_cells 2: 2 3'])
  })

  test('of several columns fill their first one', async () => {
    const { rows } = await read(row(1, cell('B', '1')) + row(2, cell('A', '0')), ['B1:D2'])
    expect(rows).toEqual(['1: |1', '2: 0|1'])
  })

  test('fill neither rows above or below them nor cells that have a value', async () => {
    const rows = row(1, cell('A', '1')) + row(2, cell('A', '2')) + row(3, cell('A', '3')) + row(4)
    expect(await read(rows, ['A2:A3'])).toEqual({ rows: ['1: 1', '2: 2', '3: 3', '4: '], remarks: [] })
  })

  test('without a value fill nothing', async () => {
    expect(await read(row(1, cell('B', '1')) + row(2), ['A1:A2'])).toEqual({ rows: ['1: |1', '2: '], remarks: [] })
  })

  test('may begin in any order, and several in one row', async () => {
    const rows = row(1, cell('A', '1'), cell('C', '2')) + row(2) + row(3, cell('B', '3')) + row(4)
    const { rows: found } = await read(rows, ['B3:B4', 'C1:C2', 'A1:A4'])
    expect(found).toEqual(['1: 1||2', '2: 1||2', '3: 1|3', '4: 1|3'])
  })
})

describe('the references of merged cells', () => {
  const merged = (...pieces: readonly string[]) => readMergedCells(bytePieces(...pieces))

  test('are sorted by row, and those of one row are left out', async () => {
    expect(await merged('<mergeCell ref="B7:C9"/><mergeCell ref="A2:D2"/><x:mergeCell ref="AA1:AA2"/>')).toEqual([
      { firstRow: 1, lastRow: 2, column: 27 },
      { firstRow: 7, lastRow: 9, column: 2 },
    ])
  })

  test('may be cut anywhere', async () => {
    const text = '<row/><mergeCells><mergeCell a="1" ref="B7:C9"/><mergeCell ref="A1:A2"/></mergeCells>'
    for (let i = 0; i <= text.length; i++)
      expect([i, await merged(text.slice(0, i), text.slice(i))]).toEqual([i, await merged(text)])
    expect(await merged(text)).toHaveLength(2)
    expect(await merged(...Array.from(text))).toHaveLength(2)
  })

  test.for([
    ['A', 1],
    ['Z', 26],
    ['AA', 27],
    ['AZ', 52],
    ['BA', 53],
    ['ZZ', 702],
    ['AAA', 703],
    ['XFD', 16_384],
  ] as const)('count %s as column %d', ([letters, number]) => {
    expect(columnNumber(letters)).toBe(number)
  })
})
