import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { openTable } from './open-table.ts'
import { readTableFile } from './testing/read-table.ts'

const root = resolve(import.meta.dirname, '../../../..')
/** Real-world files, which are not part of the repository. */
const cases = resolve(root, process.env['STAGEWATCH_CASES'] ?? '../shared/cases')
const skipReason = 'STAGEWATCH_CASES names no folder of files from real life'

test.for([
  ['amazon-quote/one.txt', { rows: 4, quote: 'none' }],
  ['amazon-quote/two.txt', { rows: 5, quote: 'none' }],
  ['cp1252/de.csv', { rows: 3, delimiter: ';', encoding: { name: 'windows-1252' } }],
  ['late-gbk/late.csv', { rows: 2002, encoding: { name: 'gb18030' } }],
  ['late-gbk/late-1252.csv', { rows: 2001, encoding: { name: 'windows-1252' } }],
  ['alipay-preamble/orders.csv', { rows: 2, lines: { preamble: 4, trailing: 4 } }],
  ['alipay-preamble/no-preamble.csv', { rows: 2, lines: { preamble: 0, trailing: 4 } }],
  ['merged-cells/merged.csv', { rows: 5, lines: { trailing: 1 } }],
  ['wrong-kind/concat.csv', { rows: 2, lines: { repeatedHeader: 1 } }],
  ['wrong-kind/cr.csv', { rows: 3 }],
  ['wrong-kind/garbage.csv.gz', { rows: 1, compression: 'gzip' }],
  ['wrong-kind/multi.csv.gz', { rows: 2, compression: 'gzip' }],
  ['wrong-kind/header-only.csv', { rows: 0 }],
  ['wrong-kind/a.xes', { rows: 1, kind: 'xes', traces: 1 }],
  ['wrong-kind/a.xes.gz', { rows: 1, kind: 'xes', compression: 'gzip' }],
  ['wrong-kind/bom.xes', { rows: 1, kind: 'xes' }],
  ['wrong-kind/nodecl.xes', { rows: 1, kind: 'xes' }],
  ['wrong-kind/ok.csv', { rows: 1, kind: 'csv' }],
  ['wrong-kind/ok.zip', { rows: 1, kind: 'csv', compression: 'zip' }],
  ['wrong-kind/pipe.csv', { rows: 1, delimiter: '|' }],
  ['wrong-kind/utf16.csv', { rows: 1, delimiter: '\t', encoding: { name: 'utf-16le', certainty: 'marked' } }],
  ['wrong-kind/utf16nobom.csv', { rows: 1, encoding: { name: 'utf-16le', certainty: 'likely' } }],
] as const)('%s is read to its last row', async ([name, facts], { skip }) => {
  if (!existsSync(cases)) skip(skipReason)
  const table = await readTableFile(join(cases, name))
  expect(table.facts).toMatchObject(facts)
  expect(table.cells).toHaveLength(facts.rows)
})

test.for([
  ['wrong-kind/arr.json', 'a JSON file'],
  ['wrong-kind/blank.csv', 'the file is empty'],
  ['wrong-kind/empty.csv', 'the file is empty'],
  ['wrong-kind/erp.xls', 'an HTML table'],
  ['wrong-kind/parquet.parquet', 'a Parquet file'],
  ['wrong-kind/zst.csv.zst', 'packed with zstd'],
  ['truncated/cut.csv.gz', 'the gzip file ends early'],
] as const)('%s is refused for what it is', async ([name, reason], { skip }) => {
  if (!existsSync(cases)) skip(skipReason)
  await expect(openTable(join(cases, name))).rejects.toThrow(reason)
})

test('texts of the files in old encodings, and what is remarked', async ({ skip }) => {
  if (!existsSync(cases)) skip(skipReason)
  const stages = async (name: string) =>
    new Set((await readTableFile(join(cases, name))).cells.map((cells) => cells[1]))
  expect(await stages('cp1252/de.csv')).toEqual(new Set(['Prüfung', 'Übergabe']))
  expect(await stages('late-gbk/late.csv')).toEqual(new Set(['pick', '复核']))
  expect(await stages('late-gbk/late-1252.csv')).toEqual(new Set(['pick', 'Prüfung']))
  const merged = await readTableFile(join(cases, 'merged-cells/merged.csv'))
  expect(merged.remarks).toContainEqual(expect.objectContaining({ code: 'merged_cells', count: 3, lines: [3, 4, 6] }))
})

test.for(['cut-date.csv', 'cut-stage.csv'])('the last line of %s is rejected', async (name, { skip }) => {
  if (!existsSync(cases)) skip(skipReason)
  const { records, cells } = await readTableFile(join(cases, 'truncated', name))
  expect(cells).toHaveLength(2)
  expect(records.at(-1)).toMatchObject({ line: 4, hasLineEnd: false, problem: { code: 'bad_request' } })
})
