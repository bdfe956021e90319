import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { fileKind } from './file-kind.ts'
import { readTable } from './testing/read-table.ts'

test.for<[name: string, bytes: string | Uint8Array]>([
  ['an old Excel workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
  ['a PDF document', '%PDF-1.7\n'],
  ['a Parquet file', 'PAR1\u0000\u0001PAR1'],
  ['packed with zstd', Buffer.from('28b52ffd04000100', 'hex')],
  ['packed with xz', Buffer.from('fd377a585a000004', 'hex')],
  ['gzipped within another archive', gzipSync(gzipSync('a,b\n'))],
  ['an HTML table', '\n <html><body><table><tr><td>order</td></tr></table>'],
  ['an HTML table', '<meta charset="gbk"><table border=1>'],
  ['a web page', '<!DOCTYPE html><html>'],
  ['an HTML table', Buffer.from('\uFEFF<table><tr><td>订单</td></tr></table>', 'utf16le')],
  ['an XML spreadsheet of Excel 2003', '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?><Workbook>'],
  ['a JSON file', '[ {"order": 1} ]'],
  ['a JSON file', '{"orders": []}'],
  ['a JSON Lines file', '{"order": 1}\n{"order": 2}\n'],
  // A list of events is a request, not a file.
  ['a JSON file', '{\n  "source": "wms",\n  "type": "order.placed",\n  "order": "1",\n  "occurredAt": ""\n}'],
  ['a web page saved as', 'MIME-Version: 1.0\nContent-Type: multipart/related'],
])('%s is named', async ([name, bytes]) => {
  await expect(readTable(bytes)).rejects.toThrow(`this file is ${name}`)
})

test.for(['[order],[stage]\n1,2\n', '<order>,b\n1,2\n', '{a},b\n1,2\n'])('%j is text', async (text) => {
  expect((await readTable(text)).facts.rows).toBe(1)
})

test.for<[name: string, encode: (text: string) => string | Uint8Array]>([
  ['plain', (text) => text],
  ['with a byte order mark and CR LF', (text) => `\uFEFF${text.replaceAll('\n', '\r\n')}`],
  ['gzipped', (text) => gzipSync(text)],
  ['in UTF-16', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['after a damaged line', (text) => `{"source": "wms", "id":\n${text}`],
])('a file with a line for each event is known, %s', async ([, encode]) => {
  const line = '{"source":"wms","id":"1","type":"order.placed","order":"订单","occurredAt":"2026-01-01T00:00:00Z"}'
  const { facts, cells } = await readTable(encode(`${line}\n\n${line}`))
  expect(facts).toMatchObject({ kind: 'ndjson', lines: { blank: 1 } })
  expect(cells.slice(-2)).toEqual([[line], [line]])
})

test.for([
  ['504b030414', 'zip'],
  ['504b050600', 'zip'],
  ['4f524300', 'an ORC file'],
  ['4f626a0102', 'an Avro file'],
  ['53514c69746520666f726d61742033000400', 'an SQLite database'],
  ['425a6839', 'packed with bzip2'],
  ['04224d1864', 'packed with lz4'],
  ['377abcaf271c00', 'a 7-Zip archive'],
  ['526172211a0700', 'a RAR archive'],
  ['89504e470d0a1a0a00', 'a picture (PNG)'],
  ['ffd8ffe0', 'a picture (JPEG)'],
  ['fffe000041000000', 'a text in UTF-32'],
  ['0000feff00000041', 'a text in UTF-32'],
  ['504b0708', 'text'],
] as const)('the bytes %s are those of %s', ([hex, name]) => {
  const found = fileKind(Buffer.from(hex, 'hex'))
  expect(found.kind === 'other' ? found.name : found.kind).toBe(name)
})

test.for([
  ['<log><trace/></log>', 'xml'],
  ['<?xml version="1.0"?>', 'xml'],
  ['<!-- a log --><!-- by x --><x:log/>', 'xml'],
  ['<orders><a>1</a></orders>', 'xml'],
  ['<orders/>', 'xml'],
  ['<order>;b', 'text'],
  ['<', 'text'],
  ['<<a,b', 'text'],
  [' \n<TABLE>', 'an HTML table, even if it is called .xls'],
  ['<!-- x --><div>', 'an HTML table, even if it is called .xls'],
  ['<!DOCTYPE HTML>', 'a web page (HTML)'],
  ['<ss:Workbook>', 'an XML spreadsheet of Excel 2003'],
  ['{"a":1}', 'a JSON file'],
  ['{ "a" : 1}', 'a JSON file'],
  ['{"a":1}\n{"a":2}', 'a JSON Lines file'],
  ['[["a"]]', 'a JSON file'],
  ['["a"', 'a JSON file'],
  ['[]', 'a JSON file'],
  ['[a]', 'text'],
  [String.raw`{\rtf1`, 'a document (RTF)'],
  ['mime-version: 1.0', 'a web page saved as .mht or .xls'],
  ['a,MIME-Version: 1.0', 'text'],
  ['{"source":1,"type":1,"order":1,"occurredAt":1}', 'event_lines'],
  ['{"source":1,"type":1,"order":1}', 'a JSON file'],
  ['{"a":1}\n {"source":1,"type":1,"order":1,"occurredAt":1}', 'event_lines'],
  ['{"a":1}\nx{"source":1,"type":1,"order":1,"occurredAt":1}', 'a JSON file'],
] as const)('%j is %s', ([text, name]) => {
  const found = fileKind(Buffer.from(text))
  expect(found.kind === 'other' ? found.name : found.kind).toBe(name)
})
