import { bigint, boolean, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyColumns } from './copy-columns.ts'
import { CopyReader } from './copy-reader.ts'
import type { Database } from './database.ts'
import { sites } from './schema.ts'
import { instant } from './schema-columns.ts'
import { openTestDatabase } from './test-database.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const counted = pgTable('counted', {
  n: integer('n'),
  name: text('name'),
  large: bigint('large', { mode: 'number' }),
  isEven: boolean('is_even'),
  day: instant('day'),
  document: jsonb('document'),
  stage: text('stage'),
  foreign: text('foreign'),
})
const { at, count: columnCount } = copyColumns(counted, [
  'n',
  'name',
  'large',
  'isEven',
  'day',
  'document',
  'stage',
  'foreign',
])

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
    const reader = new CopyReader(columnCount, (row) => {
      const numbers = [row.integer(at.n), row.textOrUndefined(at.name), row.bigint(at.large), row.boolean(at.isEven)]
      rows.push([...numbers, row.instant(at.day), row.json(at.document)])
      const isStage = (name: string) => row.isText(at.stage, name)
      rows.push([row.commonText(at.stage), isStage('stage 3'), isStage('stage'), row.isText(at.foreign, '环节')])
    })
    for (let from = 0; from < whole.length; from += size) reader.take(whole.subarray(from, from + size))
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
  const total = copyColumns(counted, ['large'])
  const count = new CopyReader(total.count, (row) => void counts.push(row.bigint(total.at.large)))
  const second = new CopyReader(total.count, (row) => void counts.push(row.bigint(total.at.large)))
  const query = 'select count(*) from sites'
  await database.copyOut([
    { select: query, take: (bytes) => count.take(bytes) },
    { select: query, take: (bytes) => second.take(bytes) },
  ])
  expect(counts).toEqual([counts[0], counts[0]])
})

describe('what is not read', () => {
  const codes = copyColumns(sites, ['code'])
  const copied = async (query: string): Promise<Buffer> => {
    const pieces: Uint8Array[] = []
    await database.copyOut([{ select: query, take: (bytes) => void pieces.push(Uint8Array.from(bytes)) }])
    return Buffer.concat(pieces)
  }
  const read = (bytes: Uint8Array): string[] => {
    const rows: string[] = []
    new CopyReader(codes.count, (row) => void rows.push(row.text(codes.at.code))).take(bytes)
    return rows
  }

  it('includes a stream without the signature', async () => {
    const bytes = await copied(`select 'a'`)
    expect(read(bytes)).toEqual(['a'])
    for (let place = 0; place < 11; place++) {
      const corrupt = Buffer.from(bytes)
      corrupt[place] = (corrupt[place] ?? 0) ^ 1
      expect(() => read(corrupt)).toThrow('its signature is missing')
    }
  })

  it('includes a header with unknown flags', async () => {
    const flagged = await copied(`select 'a'`)
    flagged.writeUInt32BE(1 << 16, 11)
    expect(() => read(flagged)).toThrow('flags 65536')
    const extended = await copied(`select 'a'`)
    extended.writeUInt32BE(8, 15)
    expect(() => read(extended)).toThrow('8 more bytes')
  })

  it.each([
    ['fewer', 'select', 0],
    ['more', `select 'a', 'b'`, 2],
  ])('are rows with %s columns', async (_, query, count) => {
    const bytes = await copied(query)
    expect(() => read(bytes)).toThrow(`a row of COPY has ${count} columns instead of 1`)
    const refused = database.copyOut([{ select: query, take: read }])
    await expect(refused).rejects.toThrow(`has ${count} columns instead of 1`)
  })
})
