import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { writtenFile } from '../files/testing/written-file.ts'
import { openTable } from './open-table.ts'
import { readTable } from './testing/read-table.ts'
import { sheetData, workbookOf } from './testing/workbook.ts'
import { openZip } from './zip-archive.ts'

const csv = Buffer.from('a,b\n1,2\n')
const workbook = (rows: readonly (readonly (string | undefined)[])[]) =>
  workbookOf({ sheets: [{ name: 'S', xml: sheetData(rows) }] })

describe('an archive', () => {
  test('may have what file managers add beside its only file', async () => {
    const beside = ['__MACOSX/a', 'x/', '.DS_Store', 'x/.hidden', 'Thumbs.db', 'x/Thumbs.db']
    const files = { ...Object.fromEntries(beside.map((name) => [name, Buffer.of(1)])), 'x/a.csv': csv }
    expect((await readTable(zipSync(files))).cells).toEqual([['1', '2']])
    await expect(readTable(zipSync({ ...files, 'aThumbs.db': csv }))).rejects.toThrow('with 2 files')
  })

  test('names five of its files', async () => {
    const of = (count: number) =>
      readTable(zipSync(Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.csv`, csv]))))
    await expect(of(5)).rejects.toThrow('with 5 files (0.csv, 1.csv, 2.csv, 3.csv, 4.csv):')
    await expect(of(6)).rejects.toThrow('with 6 files (0.csv, 1.csv, 2.csv, 3.csv, 4.csv …):')
  })

  test.for([
    ['word/document.xml', 'a Word document'],
    ['ppt/presentation.xml', 'a presentation'],
    ['Index/Document.iwa', 'a document of Apple Numbers'],
  ] as const)('with %s is %s', async ([part, name]) => {
    await expect(readTable(zipSync({ [part]: csv }))).rejects.toThrow(`this file is ${name}`)
  })

  test('whose file is empty is refused', async () => {
    await expect(readTable(zipSync({ 'a.csv': Buffer.of() }))).rejects.toThrow('a.csv in the zip archive is empty')
  })

  test('has files by name, and lacks others', async () => {
    const archive = await openZip(Buffer.from(zipSync({ 'a.csv': csv, 'b.csv': Buffer.alloc(1_000, 'x') })))
    expect([archive.names, archive.has('a.csv'), archive.has('c.csv')]).toEqual([['a.csv', 'b.csv'], true, false])
    expect([archive.sizeOf('a.csv'), archive.sizeOf('b.csv')]).toEqual([8, 1_000])
    expect(() => archive.sizeOf('c.csv')).toThrow('the file is damaged: it lacks its part c.csv')
    expect(() => archive.bytesOf('c.csv')).toThrow('it lacks its part c.csv')
    const bytes = archive.bytesOf('b.csv')
    expect([bytes.compression, bytes.sizeBytes, bytes.readBytes()]).toEqual(['zip', archive.sizeBytes, 0])
    expect(Buffer.concat(await Array.fromAsync(bytes.pieces()))).toHaveLength(1_000)
    expect(bytes.readBytes()).toBe(archive.sizeBytes)
    archive.close()
  })
})

describe('a sheet', () => {
  test('is read from its header on', async () => {
    const { header, cells, facts, remarks } = await readTable(
      workbook([
        ['Orders of ACME'],
        [],
        ['order', ' stage ', '', 'time', ''],
        ['A', 'pick', '', '1'],
        ['B', 'pack', 'x', '2'],
      ]),
    )
    expect(header).toEqual(['order', 'stage', '', 'time'])
    expect(cells).toEqual([['A', 'pick', '', '1'], ['B', 'pack', 'x', '2']]) // prettier-ignore
    expect(facts.lines).toMatchObject({ total: 5, preamble: 1, blank: 1, header: 1, rows: 2 })
    expect(remarks).toMatchObject([
      {
        code: 'preamble_skipped',
        count: 1,
        lines: [3],
        text: 'the header was found in row 3; 1 row before it skipped (--skip-lines chooses how many)',
      },
    ])
  })

  test('has its header below the rows that a person says are before it', async () => {
    const rows = [['x', 'y'], ['a', 'b'], ['1', '2'], ['3', '4']] // prettier-ignore
    expect(await readTable(workbook(rows), { skipLines: 1 })).toMatchObject({ header: ['a', 'b'], cells: [['1', '2'], ['3', '4']] }) // prettier-ignore
    expect(await readTable(workbook(rows), { skipLines: 0 })).toMatchObject({ header: ['x', 'y'] })
    expect(await readTable(workbook(rows), { skipLines: 2 })).toMatchObject({ header: ['1', '2'], cells: [['3', '4']] })
    await expect(readTable(workbook(rows), { skipLines: 4 })).rejects.toThrow('the sheet S is empty')
  })

  test('without cells is refused', async () => {
    await expect(readTable(workbook([]))).rejects.toThrow('the sheet S is empty')
    await expect(readTable(workbook([[' '], ['']]))).rejects.toThrow('the sheet S is empty')
  })

  test('has 200 columns at most', async () => {
    const letters = (i: number) =>
      (i < 26 ? '' : String.fromCodePoint(64 + Math.floor(i / 26))) + String.fromCodePoint(65 + (i % 26))
    const row = (count: number) =>
      Array.from({ length: count }, (_, i) => `<c r="${letters(i)}1" t="inlineStr"><is><t>c${i}</t></is></c>`).join('')
    const wide = (count: number) => workbookOf({ sheets: [{ name: 'S', xml: `<sheetData><row r="1">${row(count)}</row></sheetData>` }] }) // prettier-ignore
    expect((await readTable(wide(200))).header).toHaveLength(200)
    await expect(readTable(wide(201))).rejects.toThrow('the sheet has 201 columns; at most 200 are read')
  })

  test('says how much of it was read', async () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => [`SO-${i}`, 'pick'])
    const file = await openTable(writtenFile(workbook([['order', 'stage'], ...rows])))
    expect(file.readBytes()).toBe(0)
    const positions: number[] = []
    for await (const _ of file.batches) positions.push(file.readBytes())
    expect(positions.length).toBeGreaterThan(2)
    expect(positions).toEqual(positions.toSorted((a, b) => a - b))
    expect([positions[0] === file.sizeBytes, positions.at(-1)]).toEqual([false, file.sizeBytes])
    await file.close()
  })
})
