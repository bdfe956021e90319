import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { jobs } from '@stagewatch/db/reactions-schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { inStatements, jsonLength, sendInStatements } from './in-statements.ts'

const rows = Array.from({ length: 2_500 }, (_, i) => i)

async function sentOf(lengthOf?: (row: number) => number): Promise<readonly number[][]> {
  const sent: number[][] = []
  const send = (some: readonly number[]): Promise<number> => Promise.resolve(sent.push([...some]))
  const results = await inStatements(rows, send, lengthOf)
  expect(results).toEqual(sent.map((_, i) => i + 1))
  const again: number[][] = []
  await sendInStatements(rows, (some) => Promise.resolve(again.push([...some])), lengthOf)
  expect(again).toEqual(sent)
  expect(sent.flat()).toEqual(rows)
  return sent
}

describe('rows that are written in several statements', () => {
  it('are at most a thousand in each, if they are short', async () => {
    for (const lengthOf of [undefined, () => 200]) {
      expect((await sentOf(lengthOf)).map(({ length }) => length)).toEqual([1_000, 1_000, 500])
    }
  })

  it('are fewer if they are long', async () => {
    const sent = await sentOf(() => 16 * 1024)
    expect(Math.max(...sent.map(({ length }) => length))).toBe(16)
    expect((await sentOf(() => 2 * 1024 * 1024)).every(({ length }) => length === 1)).toBe(true)
  })

  it('are written once by statements that are executed whenever they are awaited', async () => {
    const executed: unknown[] = []
    const counting: Queryable = {
      query: () => Promise.reject(new Error('typed statements return values')),
      values(_, [ids] = []) {
        executed.push(ids)
        return Promise.resolve({ rows: [], rowCount: 0 })
      },
    }
    for (const some of [rows.slice(0, 3), rows]) {
      executed.length = 0
      await inStatements(some, (ids) => drizzleOn(counting).delete(jobs).where(anyOf(jobs.id, ids)).returning())
      expect(executed.flat()).toEqual(some)
    }
    executed.length = 0
    await sendInStatements(rows, (ids) => drizzleOn(counting).delete(jobs).where(anyOf(jobs.id, ids)).returning())
    expect(executed.flat()).toEqual(rows)
  })

  it('are written one statement per turn of the event loop, beginning at once', async () => {
    type Send = (some: readonly number[]) => Promise<number>
    const writes: readonly ((send: Send) => Promise<unknown>)[] = [
      (send) => inStatements(rows, send),
      (send) => sendInStatements(rows, send),
    ]
    for (const write of writes) {
      const sent: number[] = []
      const end = write((some) => Promise.resolve(sent.push(some.length)))
      expect(sent).toEqual([1_000])
      await setImmediate()
      expect(sent).toEqual([1_000, 1_000])
      await end
      expect(sent).toEqual([1_000, 1_000, 500])
    }
  })

  it('may be a single one', async () => {
    for (const lengthOf of [undefined, () => 1]) {
      expect(await inStatements([7], (some) => Promise.resolve(some), lengthOf)).toEqual([[7]])
    }
  })

  it('are none if there are none', async () => {
    const send = () => Promise.reject(new Error('nothing is sent'))
    expect(await inStatements([], send)).toEqual([])
    expect(await inStatements([], send, () => 1)).toEqual([])
  })
})

it('the length of data is about that of its JSON', () => {
  const data = { note: 'x'.repeat(500), lines: Array.from({ length: 20 }, (_, i) => ({ sku: `A-${i}`, count: i })) }
  expect(jsonLength(data) / JSON.stringify(data).length).toBeCloseTo(1, 0)
  expect(jsonLength({ note: 'text' })).toBe('{"note":"text"}'.length)
})
