import { expect, test } from 'vitest'
import { bytePieces } from './testing/byte-pieces.ts'
import { ownText, readLines } from './text-lines.ts'

/** The lines of each batch; `…` follows the last one if no line break does. */
async function linesOf(pieces: readonly (string | Uint8Array)[], encoding = 'utf-8'): Promise<string[][]> {
  const batches = await Array.fromAsync(readLines(bytePieces(...pieces), encoding))
  return batches.map(({ lines, hasLineEnd }) => [...lines, ...(hasLineEnd ? [] : ['…'])])
}

test.for([
  [
    ['a\nb', 'c\n', 'd'],
    [['a'], ['bc'], ['d', '…']],
  ],
  [['a', '', 'b', 'c\nd\n'], [['abc', 'd']]],
  [['a\r\nb\rc\nd\n'], [['a', 'b', 'c', 'd']]],
  [['\n\nx\n'], [['', '', 'x']]],
  [[], []],
  [['', ''], []],
  [['a'], [['a', '…']]],
  [['\n'], [['']]],
] as const)('the pieces %j have the lines %j', async ([pieces, lines]) => {
  expect(await linesOf(pieces)).toEqual(lines)
})

test.for([
  [['a\r', '\nb\r\n'], [['a', 'b']]],
  [
    ['a\rb\r', 'c\r'],
    [['a'], ['b'], ['c']],
  ],
  [
    ['a\rb\r', 'c\rd'],
    [['a'], ['b', 'c'], ['d', '…']],
  ],
  [
    ['a\r', '\r', 'b'],
    [['a'], [''], ['b', '…']],
  ],
  [['\r'], [['']]],
  [['\r\r'], [[''], ['']]],
  [['a\r\r\nb\n'], [['a', '', 'b']]],
  [['a\r', 'b\n'], [['a', 'b']]],
  [
    ['a\r', 'b'],
    [['a'], ['b', '…']],
  ],
] as const)('a line of %j may end in CR', async ([pieces, lines]) => {
  expect(await linesOf(pieces)).toEqual(lines)
})

test('byte order marks at the start of lines are dropped, others are kept', async () => {
  expect(await linesOf(['\uFEFFa\n\uFEFF\uFEFFb\n\uFEFF\nx\uFEFFy'])).toEqual([['a', 'b', ''], ['x\uFEFFy', '…']]) // prettier-ignore
})

test('characters may be cut between the pieces', async () => {
  const bytes = Buffer.from('包装\n发货\n', 'utf16le')
  expect(await linesOf([bytes.subarray(0, 3), bytes.subarray(3, 5), bytes.subarray(5)], 'utf-16le')).toEqual([
    ['包装', '发货'],
  ])
  expect((await linesOf([Buffer.of(0x61, 0xd2)], 'gb18030')).flat()).toEqual(['a\uFFFD', '…'])
})

test('a line may be as long as two hundred long cells', async () => {
  const most = 200 * 65_536
  const half = 'x'.repeat(most / 2)
  const lines = await linesOf([half, half, '\nb'])
  expect(lines.map((batch) => batch.map(({ length }) => length))).toEqual([[most], [1, 1]])
  await expect(linesOf([half, half, 'y', '\n'])).rejects.toThrow(`a line is longer than ${most} bytes`)
  // Two long lines are no longer one.
  expect(await linesOf([half, 'x\n', half, 'x\n'])).toHaveLength(2)
})

test('a text that is kept is the same text', () => {
  for (const text of ['', 'x'.repeat(12), 'x'.repeat(13), '包装📦'.repeat(9)]) expect(ownText(text)).toBe(text)
})
