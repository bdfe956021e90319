import { bigint, boolean, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { CopyWriter } from './copy-writer.ts'
import type { Database } from './database.ts'
import { instant } from './schema-columns.ts'
import { openTestDatabase } from './test-database.ts'
import { writeColumns } from './write-columns.ts'
import type { ColumnSources } from './write-columns.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
  await database.query(`create table counted (n int primary key, name text, large int8, is_even boolean,
    day timestamptz(3), document jsonb, noted text default 'noted')`)
})
beforeEach(() => database.query('delete from counted'))
afterAll(() => database.close())

const counted = pgTable('counted', {
  n: integer('n').notNull(),
  name: text('name'),
  large: bigint('large', { mode: 'number' }),
  isEven: boolean('is_even'),
  day: instant('day'),
  document: jsonb('document'),
  noted: text('noted'),
})

const names = ['plain', '', '订单 🚚', 'é', 'tab\tand "quotes" \\ ', 'x'.repeat(20_000), undefined]
const instants = [0, -1, 1_767_571_200_123, Date.UTC(9999, 11, 31, 23, 59, 59, 999), undefined]
const numbers = [0, -1, 2 ** 40, -(2 ** 40) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, undefined]

const sources: ColumnSources<typeof counted, number> = {
  n: (n) => n,
  name: (n) => names[n % names.length],
  large: (n) => numbers[n % numbers.length],
  isEven: (n) => (n % 3 === 0 ? undefined : n % 2 === 0),
  day: (n) => instants[n % instants.length],
  document: (n) => (n % 3 === 0 ? undefined : { n, name: '包装 "x"', left: undefined }),
}

function copied(rows: readonly number[]) {
  const writer = CopyWriter.of(counted, sources)
  for (const row of rows) writer.add(row)
  return { target: writer.target, pieces: writer.take() }
}

const selectAll = 'select n, name, large::text, is_even, day::text, document::text, noted from counted order by n'

it('rows that are copied in are those that are inserted, in pieces of whole rows', async () => {
  const rows = Array.from({ length: 600 }, (_, i) => i)
  const columns = writeColumns({ table: counted, sources, firstParameter: 1 })
  await database.query(
    `insert into counted (${columns.names}) select ${columns.values} from ${columns.rows}`,
    columns.parameters(rows),
  )
  const inserted = await database.query(selectAll)
  await database.query('delete from counted')
  const { target, pieces } = copied(rows)
  expect(pieces.length).toBeGreaterThan(3)
  await database.transaction((tx) => tx.copyIn(target, pieces))
  expect(await database.query(selectAll)).toEqual(inserted)
})

it('an instant without end is written as such', async () => {
  const writer = CopyWriter.of<typeof counted, number>(counted, { n: (at) => (at > 0 ? 1 : 0), day: (at) => at })
  for (const at of [Infinity, -Infinity]) writer.add(at)
  await database.transaction((tx) => tx.copyIn(writer.target, writer.take()))
  const days = await database.query('select day::text from counted order by n')
  expect(days).toEqual([{ day: '-infinity' }, { day: 'infinity' }])
})

// The last row is refused after everything was sent, the first one while the rest is still being sent.
it.each([999, 0])('when row %d is rejected, nothing is stored, and the next transaction succeeds', async (refused) => {
  await database.query('insert into counted (n) values ($1)', [refused])
  const { target, pieces } = copied(Array.from({ length: 1_000 }, (_, n) => n))
  await expect(database.transaction((tx) => tx.copyIn(target, pieces))).rejects.toMatchObject({
    code: expect.stringMatching(/^(23505|25P02)$/),
  })
  expect(await database.query('select n from counted')).toEqual([{ n: refused }])
  const more = copied([5_000, 5_001])
  await database.transaction((tx) => tx.copyIn(more.target, more.pieces))
  expect(await database.query<{ n: number }>('select n from counted order by n')).toHaveLength(3)
})
