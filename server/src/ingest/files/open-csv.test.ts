import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { CsvRecord } from './open-csv.ts'
import { openCsv } from './open-csv.ts'
import { writtenFile } from './testing/written-file.ts'

const text = '订单号,环节,时间\n甲-1,包装,2026-01-02T08:05:00+08:00\n'
/** The same in GB18030, which no encoder of the runtime writes. */
const gb18030 = Buffer.concat([
  Buffer.from('b6a9b5a5bac52cbbb7bdda2ccab1bce40a', 'hex'),
  Buffer.from('bcd72d312cb0fcd7b02c', 'hex'),
  Buffer.from('2026-01-02T08:05:00+08:00\n'),
])

async function read(content: string | Uint8Array): Promise<{ header: readonly string[]; records: CsvRecord[] }> {
  const file = await openCsv(writtenFile(content))
  return { header: file.header, records: await Array.fromAsync(file.records) }
}

test.for<[string, Uint8Array]>([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
  ['UTF-16LE with a byte order mark', Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['GB18030', gb18030],
  ['gzip under another name', gzipSync(text)],
  ['gzip of GB18030', gzipSync(gb18030)],
])('%s is read as the same text', async ([, bytes]) => {
  const { header, records } = await read(bytes)
  expect(header).toEqual(['订单号', '环节', '时间'])
  expect(records).toEqual([{ row: 1, line: 2, cells: ['甲-1', '包装', '2026-01-02T08:05:00+08:00'] }])
})

test('a character that the first 64 kB cut in two is still UTF-8', async () => {
  const filler = `a,${'x'.repeat(64 * 1024 - 9)}`
  const { records } = await read(`a,b\n${filler}\n订,单\n`)
  expect(records.at(-1)?.cells).toEqual(['订', '单'])
})

test.for([
  ['comma', 'a,b;c\n1,2;3\n', ['a', 'b;c']],
  ['semicolon', 'a;b,c;d\n1;2;3\n', ['a', 'b,c', 'd']],
  ['tab', 'a\t"b,;,;,;"\n1\t2\n', ['a', 'b,;,;,;']],
] as const)('a %s is found as the delimiter', async ([, content, header]) => {
  expect((await read(content)).header).toEqual(header)
})

test('line breaks within quotes, doubled quotes, mixed line ends and blank lines', async () => {
  const { records } = await read('a,b\r\n1,"x\ny ""z"""\n\n2,5" pipe\r3,\n,,\n4,4')
  expect(records).toEqual([
    { row: 1, line: 2, cells: ['1', 'x\ny "z"'] },
    { row: 2, line: 5, cells: ['2', '5" pipe'] },
    { row: 3, line: 6, cells: ['3', ''] },
    { row: 4, line: 8, cells: ['4', '4'] },
  ])
})

test.for([
  ['an Excel workbook', Buffer.from('504b030414000600', 'hex'), 'unsupported_media_type', 'Excel workbook'],
  ['an XES file', Buffer.from('<?xml version="1.0"?><log/>'), 'unsupported_media_type', 'XES'],
  ['UTF-16 without a mark', Buffer.from(text, 'utf16le').subarray(0), 'unsupported_media_type', 'byte order mark'],
  ['an empty file', Buffer.from(''), 'bad_request', 'empty'],
  ['201 columns', Buffer.from('a,'.repeat(200)), 'too_large', '201 columns'],
  ['a gzip that was cut off', gzipSync(text).subarray(0, 30), 'bad_request', 'damaged'],
] as const)('%s is refused with a reason', async ([, bytes, code, reason]) => {
  await expect(openCsv(writtenFile(bytes))).rejects.toMatchObject({ code, message: expect.stringContaining(reason) })
})

test('a quote that is never closed is refused with the line before it, after the rows that could be read', async () => {
  const file = await openCsv(writtenFile('a,b\n1,2\n3,"4\n5,6\n'))
  const rows: number[] = []
  const reading = async () => {
    for await (const { row } of file.records) rows.push(row)
  }
  await expect(reading()).rejects.toThrow('after line 2: a quote is never closed')
  expect(rows).toEqual([1])
})
