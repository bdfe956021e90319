import { readMergedCells } from './xlsx-merges.ts'
import { numberFormat } from './xlsx-values.ts'
import { gzipSync } from 'node:zlib'
import { unzipSync, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { readTable } from './testing/read-table.ts'
import { sheetData, workbookOf } from './testing/workbook.ts'

const csv = Buffer.from('order,stage,timestamp\nSO-1,pick,2026-11-03T08:00:00Z\n')
const orders = sheetData([
  ['order', 'stage'],
  ['SO-1', 'pick'],
])

const directoryEntry = Buffer.from('PK\u0001\u0002')

/** An archive whose directory says that its only file has 100 bytes. */
function understated(content: Buffer): Buffer {
  const archive = Buffer.from(zipSync({ 'a.csv': content }))
  archive.writeUInt32LE(100, archive.lastIndexOf(directoryEntry) + 24)
  return archive
}

/** An archive whose only file is marked as encrypted, in its header and in the directory. */
function encrypted(content: Buffer): Buffer {
  const archive = Buffer.from(zipSync({ 'a.csv': content }))
  archive.writeUInt16LE(1, 6)
  archive.writeUInt16LE(1, archive.lastIndexOf(directoryEntry) + 8)
  return archive
}

test.for<[string, () => Uint8Array, string]>([
  ['an archive in an archive', () => zipSync({ 'a.zip': zipSync({ 'a.csv': csv }) }), 'is another archive'],
  [
    'more files than it may have',
    () => zipSync(Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`${i}`, Buffer.of()])), { level: 0 }),
    'more than 10000 files',
  ],
  ['a file that is larger than it says', () => understated(Buffer.alloc(1 << 20, 'a,b\n')), 'damaged'],
  ['a name that leads out of it', () => zipSync({ '../a.csv': csv }), 'damaged'],
  ['a password', () => encrypted(csv), 'password'],
])('a zip archive with %s is refused', async ([, archive, reason]) => {
  await expect(readTable(archive())).rejects.toThrow(reason)
})

const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')

test.for([
  ['entities that multiply', `<!ENTITY l0 "ha">${laughs}`, '&l9;'],
  ['a long entity in many places', `<!ENTITY l "${'x'.repeat(100_000)}">`, '&l;'.repeat(1_000)],
  ['a file of the server as an entity', '<!ENTITY l SYSTEM "file:///etc/passwd">', '&l;'],
])('an event log with %s is refused', async ([, entities, value]) => {
  const event = `<event><string key="concept:name" value="${value}"/></event>`
  const log = `<?xml version="1.0"?><!DOCTYPE log [${entities}]><log><trace>${event}</trace></log>`
  await expect(readTable(log)).rejects.toThrow('undefined entity')
})

test('an event log with elements a hundred thousand deep is read without them', async () => {
  const depth = 100_000
  const deep = `${'<string key="note" value="x">'.repeat(depth)}${'</string>'.repeat(depth)}`
  const event = '<event><string key="concept:name" value="pick"/></event>'
  const { cells, remarks } = await readTable(`<log><trace>${event}${deep}</trace></log>`)
  expect(cells).toHaveLength(1)
  expect(remarks).toMatchObject([{ code: 'nested_attributes' }])
})

test('a small file that unpacks to one endless line is refused', async () => {
  const packed = gzipSync(Buffer.alloc(48 << 20, 'a,'), { level: 1 })
  await expect(readTable(packed)).rejects.toThrow('a line is longer than')
})

test('a workbook that unpacks to a sheet without cells is refused', async () => {
  const sheet = { name: 'S', xml: `<sheetData>${' '.repeat(17 << 20)}</sheetData>` }
  await expect(readTable(workbookOf({ sheets: [sheet] }))).rejects.toThrow('characters without an element')
})

test('the macros of a workbook and its links to other files are not read', async () => {
  const parts = unzipSync(workbookOf({ sheets: [{ name: 'S', xml: orders }] }))
  const more = { 'xl/vbaProject.bin': Buffer.of(1), 'xl/externalLinks/externalLink1.xml': Buffer.from('<broken') }
  expect((await readTable(zipSync({ ...parts, ...more }))).cells).toEqual([['SO-1', 'pick']])
})

// Going back from each tag to each of the others would take minutes.
test('tags of merged cells that never end are passed over at once', async () => {
  const piece = Buffer.from('<mergeCell '.repeat(24_000))
  const pieces = async function* () {
    for (let i = 0; i < 40; i++) yield piece
  }
  expect(await readMergedCells({ pieces })).toEqual([])
})

test('a number format of a hundred thousand brackets is no format', () => {
  expect(numberFormat('['.repeat(100_000))).toEqual({ kind: 'number' })
})
