import type { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { EmbeddedStatements, maxPrepared } from './embedded-statements.ts'
import { startEngine } from './embedded.ts'

let pglite: PGlite
let statements: EmbeddedStatements
beforeAll(async () => {
  pglite = await startEngine({})
  await pglite.exec('create table parts (id int8 primary key, name text)')
})
beforeEach(async () => {
  await pglite.exec('discard all')
  await pglite.exec('truncate parts')
  statements = new EmbeddedStatements(pglite)
})
afterAll(() => pglite.close())

async function preparedByEngine(): Promise<number> {
  const { rows } = await pglite.query<{ count: number }>('select count(*)::int as count from pg_prepared_statements')
  return rows[0]?.count ?? 0
}

test('a statement answers the same on its first use, when it is prepared, and prepared', async () => {
  const text = `select $1::int8 as integer, $2::text as text, $3::bool as yes, $4::timestamptz as at, $5::jsonb as object,
    $6::bytea as bytes, $7::text[] as texts, $8::float8[] as numbers, $9::int4 as nothing, $10::jsonb as string`
  const at = new Date('2026-11-03T04:05:06.789Z')
  const bytes = new Uint8Array([0, 1, 39, 92, 255])
  const texts = ['"quoted", {braces}', String.raw`back\slash`, '中文', '']
  const parameters = [9_007_199_254_740_993n, "o'clock 中文", true, at, { a: [1] }, bytes, texts, [1.5, -0.25]]
  for (let use = 1; use <= 3; use++) {
    const { rows } = await statements.runAlone<object>(text, [...parameters, undefined, '"text"'])
    expect(rows.map((row) => Object.values(row))).toEqual([[...parameters, null, 'text']])
    expect(statements.preparedCount).toBe(use === 1 ? 0 : 1)
  }
  expect(await preparedByEngine()).toBe(1)
})

test('the number of changed rows is answered', async () => {
  await statements.runAlone('insert into parts select n, n::text from generate_series(1, 5) n', [])
  for (let use = 1; use <= 3; use++) {
    const update = await statements.runAlone('update parts set name = $1 where id <= $2', ['x', use])
    expect(update.affectedRows).toBe(use)
  }
})

test('no more statements stay prepared than the limit, of which the last used ones', async () => {
  for (let number = 0; number < maxPrepared + 40; number++) {
    for (let use = 1; use <= 2; use++) await statements.runAlone(`select ${number} as number`, [])
    await statements.runAlone('select 0 as number', [])
  }
  expect(statements.preparedCount).toBe(maxPrepared)
  expect(await preparedByEngine()).toBe(maxPrepared)
  const { rows } = await pglite.query<{ statement: string }>('select statement from pg_prepared_statements')
  expect(rows).toContainEqual({ statement: 'select 0 as number' })
  expect(rows).not.toContainEqual({ statement: 'select 1 as number' })
})

test('a statement that fails, at whichever use, leaves the next ones working', async () => {
  const insert = (id: unknown) => statements.runAlone('insert into parts values ($1, $2)', [id, 'part'])
  await expect(insert('one')).rejects.toMatchObject({ code: '22P02' })
  await insert(1)
  await expect(insert(1)).rejects.toMatchObject({ code: '23505', constraint: 'parts_pkey' })
  await expect(insert('two')).rejects.toMatchObject({ code: '22P02' })
  await insert(2)
  await expect(statements.runAlone('select nothing from nowhere', [])).rejects.toMatchObject({ code: '42P01' })
  await expect(statements.runAlone('select nothing from nowhere', [])).rejects.toMatchObject({ code: '42P01' })
  expect((await statements.runAlone('select id from parts order by id', [])).rows).toEqual([{ id: 1 }, { id: 2 }])
})

test('a statement that fails in a transaction fails the transaction, and nothing after it', async () => {
  const insert = 'insert into parts values ($1, $2)'
  for (let attempt = 1; attempt <= 3; attempt++) {
    const doubled = pglite.transaction(async () => {
      await statements.run(insert, [7, 'part'])
      await statements.run(insert, [7, 'part'])
    })
    await expect(doubled).rejects.toMatchObject({ code: '23505' })
  }
  await pglite.transaction(() => statements.run(insert, [7, 'part']))
  expect((await statements.runAlone('select id, name from parts', [])).rows).toEqual([{ id: 7, name: 'part' }])
})

test('a prepared statement follows a change of its table', async () => {
  await pglite.exec("insert into parts values (1, 'part')")
  const select = () => statements.runAlone('select * from parts', [])
  for (let use = 1; use <= 3; use++) expect((await select()).rows).toEqual([{ id: 1, name: 'part' }])
  await pglite.exec('alter table parts add column amount int4 default 3')
  expect((await select()).rows).toEqual([{ id: 1, name: 'part', amount: 3 }])
  await pglite.exec('alter table parts drop column amount')
  expect((await select()).rows).toEqual([{ id: 1, name: 'part' }])
})

test('a notification arrives at its listener when a prepared statement sends it', async () => {
  const heard: string[] = []
  const unlisten = await pglite.listen('news', (payload) => heard.push(payload))
  for (const payload of ['one', 'two', 'three']) await statements.runAlone("select pg_notify('news', $1)", [payload])
  await expect.poll(() => heard).toEqual(['one', 'two', 'three'])
  await unlisten()
})
