import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from './database.ts'
import { epochMs, toInstant } from './database.ts'
import { openTestDatabase } from './test-database.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

describe('database', () => {
  it.each([
    ['text', ['a', '', 'NULL', 'with "quotes", {braces}, \\backslashes\\ and\nlines', '华东仓 🏭', null]],
    ['text', ['\t\b\f\r\u0001\u007f', '\\n \\\\ \\" \\u0041', '"', '\\', 'null', '{}', '{"a":"b\\nc"}']],
    ['int', [0, -1, 2 ** 31 - 1, null]],
    ['float8', [0, -0.5, 1_795_137_180_123, null]],
    ['boolean', [true, false, true, null]],
    ['boolean', [false, true]],
    ['boolean', [null, true]],
    ['text', [null, null]],
    ['text', []],
  ])('takes an array of %s as a parameter', async (type, values) => {
    const rows = await database.query(
      `select item from unnest($1::${type}[]) with ordinality as t(item, n) order by n`,
      [values],
    )
    expect(rows).toEqual(values.map((item) => ({ item })))
  })

  it('keeps an instant to the millisecond', async () => {
    const instants = [0, 1, 999, 1_795_137_180_123, 253_402_300_799_999, -62_135_596_800_000]
    const rows = await database.query<{ at: number }>(
      `select ${epochMs('at::timestamptz(3)')} as at
       from (select ${toInstant('ms')} as at, n from unnest($1::float8[]) with ordinality as t(ms, n)) as i order by n`,
      [instants],
    )
    expect(rows.map(({ at }) => at)).toEqual(instants)
  })

  it('rolls back a transaction that throws', async () => {
    const write = database.transaction(async (tx) => {
      await tx.query(`insert into sites (code, name, time_zone) values ('gone', '{}', 'UTC')`)
      throw new Error('changed my mind')
    })
    await expect(write).rejects.toThrow('changed my mind')
    expect(await database.query(`select code from sites where code = 'gone'`)).toEqual([])
  })

  it('can be used after a statement that it refused', async () => {
    await expect(database.query('select 1 / $1::int', [0])).rejects.toThrow('division by zero')
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }])
  })
})

it('copied rows arrive in pieces, and other work runs in between', async () => {
  const pieces: number[] = []
  const turns = new Set<number>()
  let turn = 0
  let isOver = false
  const count = (): void => {
    turn += 1
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  await database.copyOut([
    {
      select: 'select n, repeat($$x$$, 100) from generate_series(1, 5000) as n',
      take: (bytes) => {
        pieces.push(bytes.length)
        turns.add(turn)
      },
    },
  ])
  isOver = true
  expect(pieces.reduce((sum, length) => sum + length, 0)).toBeGreaterThan(5000 * 100)
  expect(Math.max(...pieces)).toBeLessThanOrEqual(64 * 1024)
  expect(turns.size).toBeGreaterThan(1)
})
