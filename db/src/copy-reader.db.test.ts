import { afterAll, beforeAll, expect, it } from 'vitest'
import { CopyReader } from './copy-reader.ts'
import type { Database } from './database.ts'
import { openTestDatabase } from './test-database.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const select = `
  select n::int4, case when n % 3 > 0 then '订单 ' || n end, (n::int8 << 40), n % 2 = 0,
    case when n % 5 > 0 then timestamptz '1969-12-31T23:59:59.999Z' + n * interval '1 day' end, jsonb_build_object('n', n),
    'stage ' || n % 7, '环节'
  from generate_series(0, 4999) n order by n`

it('rows come as they are in the database, in pieces of any size', async () => {
  const pieces: Uint8Array[] = []
  await database.copyOut([{ select, take: (bytes) => void pieces.push(Uint8Array.from(bytes)) }])
  const whole = Buffer.concat(pieces)
  for (const size of [whole.length, 1_000, 7]) {
    const rows: unknown[] = []
    const reader = new CopyReader((row) => {
      rows.push([row.integer(0), row.textOrUndefined(1), row.bigint(2), row.boolean(3), row.instant(4), row.json(5)])
      rows.push([row.commonText(6), row.isText(6, 'stage 3'), row.isText(6, 'stage'), row.isText(7, '环节')])
    })
    for (let at = 0; at < whole.length; at += size) reader.take(whole.subarray(at, at + size))
    expect(rows).toEqual(
      Array.from({ length: 5_000 }, (_, n) => [
        [
          n,
          n % 3 > 0 ? `订单 ${n}` : undefined,
          n * 2 ** 40,
          n % 2 === 0,
          n % 5 > 0 ? -1 + n * 86_400_000 : undefined,
          { n },
        ],
        [`stage ${n % 7}`, n % 7 === 3, false, false],
      ]).flat(),
    )
  }
})

it('a query that fails is refused, and the next one is answered', async () => {
  await expect(database.copyOut([{ select: 'select 1 / 0', take: () => undefined }])).rejects.toThrow('division')
  const bytes: number[] = []
  await database.copyOut([{ select: 'select 1', take: (piece) => void bytes.push(piece.length) }])
  expect(bytes.length).toBeGreaterThan(0)
})

it('several queries see the same state of the database', async () => {
  const counts: number[] = []
  const count = new CopyReader((row) => void counts.push(row.bigint(0)))
  const second = new CopyReader((row) => void counts.push(row.bigint(0)))
  const query = 'select count(*) from sites'
  await database.copyOut([
    { select: query, take: (bytes) => count.take(bytes) },
    { select: query, take: (bytes) => second.take(bytes) },
  ])
  expect(counts).toEqual([counts[0], counts[0]])
})
