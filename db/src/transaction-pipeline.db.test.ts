import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from './database.ts'
import { DatabaseUnavailableError } from './database-unavailable.ts'
import { openTestDatabase } from './test-database.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const insert = `insert into sites (code, name, time_zone) values ($1, '{}', 'UTC')`
const ahead = { sent: () => undefined }

async function stored(codes: readonly string[]): Promise<string[]> {
  const rows = await database.query<{ code: string }>('select code from sites where code = any($1::text[])', [codes])
  return rows.map(({ code }) => code).toSorted()
}

describe('transactions that are sent ahead', () => {
  it('commit statements that nobody has waited for', async () => {
    await database.transaction(async (tx) => {
      void tx.query(insert, ['a'])
      void tx.query(insert, ['b'])
    }, ahead)
    expect(await stored(['a', 'b'])).toEqual(['a', 'b'])
  })

  it('fail as a whole with the first failing statement, even if nobody awaits it', async () => {
    const failing = database.transaction(async (tx) => {
      void tx.query(insert, ['c'])
      tx.query('select 1 / 0').catch(() => undefined)
      tx.query(insert, ['d']).catch(() => undefined)
    }, ahead)
    await expect(failing).rejects.toThrow('division by zero')
    expect(await stored(['c', 'd'])).toEqual([])
  })

  it('fail with the error of their work', async () => {
    const failing = database.transaction(async (tx) => {
      void tx.query(insert, ['e'])
      throw new Error('changed my mind')
    }, ahead)
    await expect(failing).rejects.toThrow('changed my mind')
    expect(await stored(['e'])).toEqual([])
  })

  it('are carried out in the order in which they were handed in, one that failed among them', async () => {
    const ends: string[] = []
    const begin = (name: string, statement: string) =>
      database
        .transaction(async (tx) => void tx.query(statement, [name]).catch(() => undefined), ahead)
        .then(
          () => ends.push(name),
          () => ends.push(`not ${name}`),
        )
    await Promise.all([begin('f', insert), begin('g', `select 1 / length($1) - 1 / 0`), begin('h', insert)])
    expect(ends).toEqual(['f', 'not g', 'h'])
    expect(await stored(['f', 'g', 'h'])).toEqual(['f', 'h'])
  })

  it('write nothing behind the end of their transaction', async () => {
    if (database.kind === 'embedded') return
    const ended = database.transaction(async (tx) => {
      void tx.query('rollback')
      tx.query(insert, ['i']).catch(() => undefined)
    }, ahead)
    await expect(ended).rejects.toThrow(DatabaseUnavailableError)
    expect(await stored(['i'])).toEqual([])
    const settings = await Promise.all(
      Array.from({ length: 8 }, () => database.query<object>('show default_transaction_read_only')),
    )
    expect(settings.flat()).toEqual(settings.map(() => ({ default_transaction_read_only: 'off' })))
  })
})
