import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { writtenFile } from '../files/testing/written-file.ts'
import { openBytes, readHead } from './byte-source.ts'
import { bytePieces } from './testing/byte-pieces.ts'

const pieceBytes = 64 * 1024

async function read(content: Uint8Array) {
  const source = await openBytes(writtenFile(content))
  onTestFinished(() => source.close())
  const before = source.readBytes()
  const positions: number[] = []
  const pieces: Buffer[] = []
  for await (const piece of source.pieces()) {
    pieces.push(piece)
    positions.push(source.readBytes())
  }
  const again = Buffer.concat(await Array.fromAsync(source.pieces()))
  const { compression, sizeBytes } = source
  return { compression, sizeBytes, before, positions, pieces, again, all: Buffer.concat(pieces) }
}

describe('a plain file', () => {
  test('is read in pieces, again and again, and says how much it has read', async () => {
    const bytes = randomBytes(2 * pieceBytes + 5)
    bytes[0] = 0x41
    const found = await read(bytes)
    expect(found).toMatchObject({ compression: undefined, sizeBytes: bytes.length, before: 0 })
    expect(found.positions).toEqual([pieceBytes, 2 * pieceBytes, bytes.length])
    expect([found.all.equals(bytes), found.again.equals(bytes)]).toEqual([true, true])
  })

  test('may be empty or have one byte of a packed one', async () => {
    expect(await read(Buffer.of())).toMatchObject({ compression: undefined, pieces: [] })
    for (const bytes of [Buffer.of(0x1f), Buffer.of(0x1f, 0x41), Buffer.of(0x41, 0x8b)])
      expect(await read(bytes)).toMatchObject({ compression: undefined, all: bytes })
  })
})

describe('a packed file', () => {
  test('is unpacked, and says how much of the packed one it has read', async () => {
    const bytes = randomBytes(4 * pieceBytes)
    const packed = gzipSync(bytes)
    const found = await read(packed)
    expect(found).toMatchObject({ compression: 'gzip', sizeBytes: packed.length })
    expect([found.all.equals(bytes), found.again.equals(bytes)]).toEqual([true, true])
    expect(found.positions.at(-1)).toBe(packed.length)
  })

  test('that was cut off or damaged is refused', async () => {
    const packed = gzipSync(randomBytes(1_000))
    await expect(read(packed.subarray(0, -20))).rejects.toMatchObject({ problem: { code: 'cut_off' } })
    const damaged = Buffer.from(packed)
    damaged.fill(0xff, 20, 60)
    await expect(read(damaged)).rejects.toMatchObject({
      problem: { code: 'damaged' },
      message: expect.stringMatching(/^the gzip file is damaged \(Z_DATA_ERROR\)/),
    })
  })
})

test('what is no file cannot be opened', async () => {
  await expect(openBytes('/nowhere/events.csv')).rejects.toThrow('cannot open /nowhere/events.csv: no such file')
  await expect(openBytes(tmpdir())).rejects.toThrow('is a folder')
  await expect(openBytes('/dev/null')).rejects.toThrow('is a device')
})

test('the head of a file is its first 64 KiB, whatever its pieces', async () => {
  const half = 'x'.repeat(pieceBytes / 2)
  expect(await readHead(bytePieces('a', 'b'))).toEqual(Buffer.from('ab'))
  expect((await readHead(bytePieces(half, half, 'y'))).toString()).toBe(half + half)
  expect((await readHead(bytePieces('y', half, half, half))).toString()).toBe(`y${half}${half}`.slice(0, pieceBytes))
})
