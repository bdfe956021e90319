import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readTable } from './testing/read-table.ts'

const codes = (remarks: readonly { readonly code: string }[]) => remarks.map(({ code }) => code)

test.for([
  [',', 'a,b;c\n1,2;3\n', ['a', 'b;c']],
  [';', 'a;b,c;d\n1;2;3\n', ['a', 'b,c', 'd']],
  [';', 'a;b\n1,5;2,5\n3,5;4,5\n', ['a', 'b']],
  ['\t', 'a\t"b,;,;,;"\n1\t2\n', ['a', 'b,;,;,;']],
  ['|', 'a|b\n1|2\n', ['a', 'b']],
  [';', 'sep=;\na;b\n1;2\n', ['a', 'b']],
  ['\t', 'a\tb\nSO-0\t"\\"\t; ; "\n', ['a', 'b']],
  [',', 'a,b,c\n1,"\t\n; \\" ","x; \t"\n2,"5\\"; 5\\";  ","\tx\n"\n', ['a', 'b', 'c']],
] as const)('%s is found as the delimiter', async ([delimiter, content, header]) => {
  expect(await readTable(content)).toMatchObject({ header, facts: { delimiter } })
})

test('the delimiter is the one before which quotes close, though another stands in more lines', async () => {
  const header = ['a', 'b', 'c', 'd', 'e', 'f']
  const row = ['SO-0', ';\npicking', ';\n', '', 'order', ';shipped']
  const quoted = [header, row].map((cells) => cells.map((cell) => `"${cell}"`).join('|'))
  const table = await readTable(['Export x', 'Export y', 'Export z', ...quoted, ''].join('\r\n'))
  expect([table.header, ...table.cells]).toEqual([header, row])
})

test('a person can choose any delimiter', async () => {
  const { header, cells } = await readTable('a^b,c\n1^2,3\n', { delimiter: '^' })
  expect([header, ...cells]).toEqual([
    ['a', 'b,c'],
    ['1', '2,3'],
  ])
})

test('line breaks within quotes, doubled quotes, mixed line ends and blank lines', async () => {
  const { records, facts } = await readTable('a,b\r\n1,"x\ny ""z"""\n\n2,5" pipe\r3,\n,,\n4,4')
  expect(records).toMatchObject([
    { row: 1, line: 2, cells: ['1', 'x\ny "z"'] },
    { row: 2, line: 5, cells: ['2', '5" pipe'] },
    { row: 3, line: 6, cells: ['3', ''] },
    { row: 4, line: 8, cells: ['4', '4'], hasLineEnd: false },
  ])
  expect(facts.lines).toMatchObject({ total: 8, header: 1, rows: 4, continuation: 1, blank: 2 })
})

test.for([
  ['CR', '\r'],
  ['LF', '\n'],
  ['CR LF', '\r\n'],
] as const)('lines that end in %s, wherever the pieces of the file are cut', async ([, end]) => {
  const rows = Array.from({ length: 60_000 }, (_, i) => [`SO-${i}`, 'x'.repeat(i % 7)])
  const { cells, facts } = await readTable(`a,b${end}${rows.map((row) => row.join(',')).join(end)}${end}`)
  expect(cells).toEqual(rows)
  expect(facts.lines).toMatchObject({ total: 60_001, rows: 60_000, blank: 0 })
})

test('the header is found below lines that are none, and notes after the last row are no rows', async () => {
  const text =
    'Orders of ACME\nFrom:,2026-11-01\n\norder,stage,time\nA,pick,2026-11-01\nB,pick,2026-11-02\nTotal,,2\nPrinted by X\n'
  const { header, cells, facts, remarks } = await readTable(text)
  expect(header).toEqual(['order', 'stage', 'time'])
  expect(cells.map(([order]) => order)).toEqual(['A', 'B'])
  expect(facts.lines).toMatchObject({ preamble: 2, blank: 1, trailing: 2, rows: 2, total: 8 })
  expect(codes(remarks)).toEqual(['preamble_skipped', 'trailing_lines'])
  expect(remarks[0]?.text).toContain('line 4')
})

test('what looks like a total within the table stays a row', async () => {
  const { cells } = await readTable('order,stage,time\nA,pick,1\nTotal,,1\nB\nC,pick,2\n')
  expect(cells.map(([order]) => order)).toEqual(['A', 'Total', 'B', 'C'])
})

test('short rows at the end are rows', async () => {
  const { cells } = await readTable('order,stage,time,customer\nA,pick,1,X\nB,pick,2\nC,pick,3\n')
  expect(cells.map(([order]) => order)).toEqual(['A', 'B', 'C'])
})

test('a person can say how many lines stand before the header', async () => {
  const { header, cells } = await readTable('a,b\nc,d\n1,2\n', { skipLines: 1 })
  expect([header, ...cells]).toEqual([
    ['c', 'd'],
    ['1', '2'],
  ])
})

test('a header of all rows that are wider than it stays the header', async () => {
  const { header, facts } = await readTable('order,stage,time\nA,pick,2026-11-01,\nB,pack,2026-11-02,\n')
  expect(header).toEqual(['order', 'stage', 'time'])
  expect(facts.rows).toBe(2)
})

test('a file without a header is remarked', async () => {
  const { remarks } = await readTable('A,pick,2026-11-01\nB,pack,2026-11-02\n')
  expect(codes(remarks)).toEqual(['no_header'])
})

test('quotes of a file that does not quote swallow no lines', async () => {
  const { cells, facts, remarks } = await readTable(
    'order\tstage\tproduct\nA\tpick\t"Mug\nB\tpick\tCup\nC\tpick\t5" pipe"\n',
  )
  expect(cells).toEqual([
    ['A', 'pick', '"Mug'],
    ['B', 'pick', 'Cup'],
    ['C', 'pick', '5" pipe"'],
  ])
  expect(facts.quote).toBe('none')
  expect(codes(remarks)).toEqual(['quotes_not_used'])
})

test('quotes that work in other rows are quotes', async () => {
  const { cells, facts, remarks } = await readTable('"a","b"\n"1","2"\n"3,"4"\n"5","6"\n')
  expect(facts.quote).toBe('double')
  expect(cells).toEqual([
    ['1', '2'],
    ['"3', '4'],
    ['5', '6'],
  ])
  expect(remarks).toMatchObject([{ code: 'stray_quotes', lines: [3] }])
})

test('quotes after a backslash', async () => {
  const { cells, facts } = await readTable('order,product\nA,"5\\" pipe, long"\nB,"C:\\\\"\nC,"x\ny"\n')
  expect(cells).toEqual([
    ['A', '5" pipe, long'],
    ['B', 'C:\\'],
    ['C', 'x\ny'],
  ])
  expect(facts.quote).toBe('backslash')
})

test('quotes that are not doubled are read if the row then has the cells of the header', async () => {
  const { cells, records, remarks } = await readTable('a,b\n1,"say "hi, there" now"\n2,"x, y"\n3,"x" and "y", z\n')
  expect(cells).toEqual([
    ['1', 'say "hi, there" now'],
    ['2', 'x, y'],
  ])
  expect(records.at(-1)).toMatchObject({ line: 4, problem: { message: expect.stringContaining('not doubled') } })
  expect(remarks).toMatchObject([{ code: 'stray_quotes', count: 2, lines: [2, 4] }])
})

test('a quote that closes lines later rejects each of its lines by number', async () => {
  const text = 'a,b,c\n1,"x, y",z\n2,y,"z\n3,y,z\n4,y,z"\n5,"p\nq",r\n'
  const { cells, records, facts } = await readTable(text)
  expect(cells).toEqual([
    ['1', 'x, y', 'z'],
    ['5', 'p\nq', 'r'],
  ])
  expect(records.flatMap(({ line, problem }) => (problem ? [line] : []))).toEqual([3, 4, 5])
  expect(facts.lines).toMatchObject({ total: 7, rows: 2, continuation: 1, rejected: 3 })
})

test('a quote that is never closed rejects its line, and the lines after it are read', async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => `${i},"x, y"\n`).join('')
  const { cells, records, remarks } = await readTable(`a,b\n1,"x, y"\n2,"z\n3,4\n${rows}`)
  expect(cells.length).toBe(5002)
  expect(records.filter(({ problem }) => problem !== undefined)).toMatchObject([{ line: 3 }])
  expect(remarks).toMatchObject([{ code: 'swallowed_lines', lines: [3] }])
})

test('quotes that are broken in every line cost no more than reading them', async () => {
  const { records, facts } = await readTable(`"a","b"\n${'"1","2\n'.repeat(20_000)}`)
  expect(records.length).toBe(20_000)
  expect(facts.lines).toMatchObject({ total: 20_001, rejected: 20_000 })
}, 10_000)

test('a last row that is cut off is rejected', async () => {
  const { records, cells } = await readTable('order,stage,time,customer\nA,pick,2026-11-01,X\nA,ship,2026-11-1')
  expect(cells.length).toBe(1)
  expect(records.at(-1)).toMatchObject({ line: 3, problem: { message: expect.stringContaining('3 of 4 cells') } })
  const first = await readTable('order,stage,time\nA,pick,2026-11-01\nSO-1')
  expect(first.records.at(-1)?.problem).toBeDefined()
})

test('the header once more, as in files that were joined, is no row', async () => {
  const { cells, facts } = await readTable('\uFEFFa,b\n1,2\n\uFEFFa,b\n3,4\n')
  expect(cells).toEqual([
    ['1', '2'],
    ['3', '4'],
  ])
  expect(facts.lines?.repeatedHeader).toBe(1)
})

test.for([
  ['an empty file', '', 'the file is empty'],
  ['blank lines', '\n\r\n', 'the file is empty'],
  ['a gzip of nothing', gzipSync(''), 'the file is empty'],
  ['201 columns', 'a,'.repeat(200), '201 columns'],
  ['a gzip that was cut off', gzipSync('a,b\n1,2\n').subarray(0, 22), 'Copy or export it again'],
  ['binary data', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 11)), 'binary'],
] as const)('%s is refused with a reason', async ([, content, reason]) => {
  await expect(readTable(content)).rejects.toThrow(reason)
})

test('cells that look like merged ones are remarked', async () => {
  const { remarks } = await readTable('order,stage,time\nA,pick,1\n,pack,2\n,ship,3\nB,pick,4\n')
  expect(remarks).toMatchObject([{ code: 'merged_cells', count: 2, lines: [3, 4] }])
})
