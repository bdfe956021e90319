import { expect, test } from 'vitest'
import { hasEventLines, openEventLines } from './open-event-lines.ts'
import { bytePieces } from './testing/byte-pieces.ts'

async function read(...pieces: readonly (string | Uint8Array)[]) {
  const file = await openEventLines(bytePieces(...pieces), {})
  // A second pass yields the same.
  await Array.fromAsync(file.batches)
  const records = (await Array.fromAsync(file.batches)).flat()
  return { file, records, remarks: file.remarks() }
}

test('each line that is not blank is a row of one cell', async () => {
  const { file, records, remarks } = await read('{"a":1}\n\n {"b":2}\r\n', '  \nx')
  expect(file.header).toEqual(['event'])
  expect(records).toEqual([
    { row: 1, line: 1, cells: ['{"a":1}'] },
    { row: 2, line: 3, cells: [' {"b":2}'] },
    { row: 3, line: 5, cells: ['x'] },
  ])
  expect(file.facts).toMatchObject({
    kind: 'ndjson',
    encoding: { name: 'utf-8', certainty: 'valid' },
    lines: { total: 5, rows: 3, blank: 2, rejected: 0 },
    rows: 3,
  })
  expect([hasEventLines(file), remarks, file.sizeBytes]).toEqual([true, [], 23])
})

test('a line that is too long for an event is rejected and cut', async () => {
  const { file, records } = await read(`${'x'.repeat(65_536)}\n${'y'.repeat(65_537)}\nz\n`)
  expect(records.map(({ row, line, cells, problem }) => [row, line, cells[0]?.length, problem?.code])).toEqual([
    [1, 1, 65_536, undefined],
    [2, 2, 65_536, 'too_large'],
    [3, 3, 1, undefined],
  ])
  expect(file.facts).toMatchObject({ lines: { total: 3, rows: 2, rejected: 1 }, rows: 3 })
})

test('characters that were damaged are told with their lines', async () => {
  const { remarks } = await read('{"a":"包装"}\n{"b":"', Buffer.of(0xff, 0xfe), '"}\n{"c":"发货", "d":"包装"}\n')
  expect(remarks).toMatchObject([
    {
      code: 'damaged_text',
      count: 2,
      lines: [2],
      params: { encoding: 'utf-8' },
      text: expect.stringContaining('2 characters could not be read as utf-8 (line 2'),
    },
  ])
})

test('binary data is refused', async () => {
  await expect(read(Buffer.alloc(100))).rejects.toThrow('this is no text but binary data')
})
