import { setImmediate } from 'node:timers/promises'
import { CopyWriter } from '@stagewatch/db/copy-writer.ts'
import { events } from '@stagewatch/db/schema.ts'
import { expect, it } from 'vitest'
import { copiedRows } from './copy-events.ts'

/** In how many turns of the event loop as many rows are encoded, and their bytes. */
async function encode(count: number): Promise<readonly [turns: number, bytes: number]> {
  const writer = CopyWriter.of<typeof events, number>(events, { site: () => 'main' })
  let isEncoding = true
  let turns = 1
  const ended = copiedRows(
    writer,
    Array.from({ length: count }, (_, i) => i),
  ).then(({ pieces }) => {
    isEncoding = false
    return pieces.reduce((sum, piece) => sum + piece.length, 0)
  })
  for (await Promise.resolve(); isEncoding; turns += 1) await setImmediate()
  return [turns, await ended]
}

it('a thousand rows are encoded at once, and more in several turns of the event loop', async () => {
  const [turnsOfAll, bytes] = await encode(2_500)
  const [turnsOfThousand, bytesOfThousand] = await encode(1_000)
  expect(turnsOfAll - turnsOfThousand).toBe(2)
  expect((await encode(1))[0]).toBe(turnsOfThousand)
  // 2 for the number of columns, 4 for the size and 4 for the text of each row, between a header and a trailer.
  expect(bytes - bytesOfThousand).toBe(1_500 * 10)
})
