import { eq, getTableColumns, sql } from 'drizzle-orm'
import { bigint, boolean, doublePrecision, integer, jsonb, pgTable, smallint, text } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database, Queryable } from './database.ts'
import { drizzleOn } from './drizzle-on.ts'
import { authInstant, instant } from './schema-columns.ts'
import { settings } from './people-schema.ts'
import { openTestDatabase } from './test-database.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
  await database.query(
    `create table kinds (id int primary key, flag boolean, small smallint, whole int, large bigint, huge bigint,
       ratio double precision, name text, texts text[], numbers int[], document jsonb, at timestamptz(3), date timestamptz(3))`,
  )
})
afterAll(() => database.close())

const kinds = pgTable('kinds', {
  id: integer('id').primaryKey(),
  flag: boolean('flag'),
  small: smallint('small'),
  whole: integer('whole'),
  large: bigint('large', { mode: 'number' }),
  huge: bigint('huge', { mode: 'bigint' }),
  ratio: doublePrecision('ratio'),
  name: text('name'),
  texts: text('texts').array(),
  numbers: integer('numbers').array(),
  document: jsonb('document'),
  at: instant('at'),
  date: authInstant('date'),
})

type Kinds = typeof kinds.$inferInsert

const nothing = Object.fromEntries(Object.keys(getTableColumns(kinds)).map((name) => [name, null]))

describe('a value is read as it was stored', () => {
  it.each<[string, Omit<Kinds, 'id'>]>([
    ['truth', { flag: true }],
    ['untruth', { flag: false }],
    ['numbers', { small: -7, whole: 2 ** 31 - 1, large: Number.MAX_SAFE_INTEGER, ratio: -0.1 }],
    ['numbers of 64 bits', { huge: 2n ** 63n - 1n, large: -1 }],
    ['text', { name: '华东仓 🏭 "quoted" \\ {a,b}\n' }],
    ['an empty text', { name: '' }],
    ['arrays', { texts: ['a', '', 'NULL', 'with "quotes", {braces} \\ and\nlines', '环节'], numbers: [0, -1] }],
    ['empty arrays', { texts: [], numbers: [] }],
    ['a document', { document: { 名: ['"', '\\', null, 1.5, true], deep: { at: 0 } } }],
    ['a document that is a text', { document: 'text' }],
    ['a document that is a text like a number', { document: '1' }],
    ['a document that is a list', { document: [1, '2', null] }],
    ['a document that is a number', { document: 12 }],
    ['an instant', { at: 1_795_137_180_123, date: new Date(1_795_137_180_123) }],
    ['an instant before 1970', { at: -1 }],
    ['an instant of another age', { at: -62_135_596_800_000 }],
    ['the last instant of four digits', { at: 253_402_300_799_999 }],
    ['an instant of five digits', { at: 253_402_300_800_000 }],
    ['ever since', { at: -Infinity }],
    ['for ever', { at: Infinity }],
  ])('%s', async (_, values) => {
    await drizzleOn(database).delete(kinds)
    const stored = { ...nothing, id: 1, ...values }
    expect(
      await drizzleOn(database)
        .insert(kinds)
        .values({ id: 1, ...values })
        .returning(),
    ).toEqual([stored])
    expect(await drizzleOn(database).select().from(kinds)).toEqual([stored])
  })

  it('an instant, whatever the zone of the session', async () => {
    const at = Date.UTC(1890, 4, 3, 2, 1, 0, 7)
    for (const zone of ['UTC', 'Asia/Shanghai', 'Asia/Kathmandu', 'America/St_Johns']) {
      const read = await database.transaction(async (tx) => {
        await tx.query(`set local time zone '${zone}'`)
        return drizzleOn(tx)
          .select({ at: sql`${sql.param(at, kinds.at)}`.mapWith(kinds.at) })
          .from(sql`(select) as one`)
      })
      expect(read).toEqual([{ at }])
    }
  })
})

it('columns of the same name in two tables are distinguished', async () => {
  await drizzleOn(database).delete(kinds)
  await drizzleOn(database).insert(kinds).values({ id: 2, name: 'left' })
  await drizzleOn(database).insert(settings).values({ name: 'right', value: 'left' })
  const rows = await drizzleOn(database)
    .select({ left: kinds.name, right: settings.name })
    .from(kinds)
    .innerJoin(settings, eq(settings.value, kinds.name))
  expect(rows).toEqual([{ left: 'left', right: 'right' }])
})

it('a write tells how many rows it has written', async () => {
  const on = drizzleOn(database)
  await on.delete(kinds)
  expect((await on.insert(kinds).values([{ id: 1 }, { id: 2 }, { id: 3 }])).rowCount).toBe(3)
  expect((await on.update(kinds).set({ flag: true }).where(eq(kinds.id, 2))).rowCount).toBe(1)
  expect((await on.insert(kinds).values({ id: 3 }).onConflictDoNothing()).rowCount).toBe(0)
  expect((await on.delete(kinds)).rowCount).toBe(3)
})

it('statements belong to the transaction whose queryable carries them out', async () => {
  const count = async (queryable: Queryable) => (await drizzleOn(queryable).select().from(kinds)).length
  await drizzleOn(database).delete(kinds)
  const failing = database.transaction(async (tx) => {
    await drizzleOn(tx).insert(kinds).values({ id: 1 })
    expect(await count(tx)).toBe(1)
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  expect(await count(database)).toBe(0)
})

it('an error is the one of the database, with its code and without parameters', async () => {
  await drizzleOn(database).delete(kinds)
  await drizzleOn(database).insert(kinds).values({ id: 1 })
  const again = drizzleOn(database).insert(kinds).values({ id: 1, name: 'secret' })
  await expect(again).rejects.toMatchObject({ code: '23505', message: expect.not.stringContaining('secret') })
})
