import { expect, it } from 'vitest'
import { ByteQueue } from './byte-queue.ts'

function* takenFrom(queue: ByteQueue): Generator<Uint8Array> {
  for (let block = queue.take(); block !== undefined; block = queue.take()) yield block
}

it('small pieces come out as they went in, in blocks of a quarter of a megabyte', () => {
  const queue = new ByteQueue()
  for (let i = 0; i < 100_000; i++) queue.add(Uint8Array.of(i, i >> 8, i >> 16))
  const blocks = [...takenFrom(queue)]
  expect(blocks.map(({ length }) => length)).toEqual([262_143, 37_857])
  const bytes = Buffer.concat(blocks)
  const isInPlace = (_: unknown, i: number) => bytes.readUIntLE(3 * i, 3) === i
  expect(Array.from({ length: 100_000 }, isInPlace)).not.toContain(false)
})

it('pieces of any size come in their order, whenever some are taken', () => {
  const sizes = [1, 0, 300_000, 65_536, 65_535, 7, 262_144, 262_143, 2, 100_000]
  for (const takenAfter of sizes.keys()) {
    const queue = new ByteQueue()
    const given = sizes.map((size, i) => Buffer.alloc(size, i + 1))
    const taken: Uint8Array[] = []
    for (const [i, piece] of given.entries()) {
      queue.add(piece)
      if (i === takenAfter) taken.push(queue.take() ?? Buffer.alloc(0))
    }
    taken.push(...takenFrom(queue))
    expect(Buffer.concat(taken).equals(Buffer.concat(given))).toBe(true)
  }
})
