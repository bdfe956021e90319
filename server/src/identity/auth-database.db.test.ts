import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { DBAdapter } from 'better-auth/adapters'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { authDatabase, currentQueryable, inAuthTransaction } from './auth-database.ts'

let database: Database
let adapter: DBAdapter

beforeAll(async () => {
  database = await openTestDatabase()
  adapter = authDatabase(database)({})
})
afterAll(() => database.close())

const expiresAt = new Date('2026-11-25T08:00:00.123Z')
const keep = (identifier: string, on: Pick<DBAdapter, 'create'> = adapter) =>
  on.create({ model: 'verification', data: { identifier, value: 'v', expiresAt } })
const where = (identifier: string) => [{ field: 'identifier', value: identifier }]
const find = (identifier: string) => adapter.findOne({ model: 'verification', where: where(identifier) })

test('a row comes back as it was stored, instants as dates', async () => {
  const stored = await keep('same')
  expect(await find('same')).toEqual(stored)
  expect(stored).toMatchObject({ id: expect.any(String), identifier: 'same', expiresAt })
})

test('rows are found, counted, changed and deleted by their conditions', async () => {
  for (const name of ['list-1', 'list-2', 'list-3']) await keep(name)
  const list = [{ field: 'identifier', operator: 'starts_with', value: 'list-' }] as const
  const model = 'verification'
  expect(await adapter.count({ model, where: [...list] })).toBe(3)
  const sortBy = { field: 'identifier', direction: 'desc' } as const
  const page = await adapter.findMany<{ identifier: string }>({ model, where: [...list], sortBy, limit: 2, offset: 1 })
  expect(page.map(({ identifier }) => identifier)).toEqual(['list-2', 'list-1'])
  expect(await adapter.updateMany({ model, where: [...list], update: { value: 'w' } })).toBe(3)
  const due = [{ field: 'expiresAt', operator: 'lte', value: expiresAt }, ...list] as const
  expect(await adapter.deleteMany({ model, where: [...due] })).toBe(3)
  expect(await adapter.count({ model, where: [...list] })).toBe(0)
})

test('what fails inside a transaction leaves nothing behind', async () => {
  const failing = adapter.transaction(async (tx) => {
    await keep('half', tx)
    // Queries that hooks run themselves are part of the transaction, too.
    await currentQueryable(database).query(`insert into settings (name, value) values ('half', 'x')`)
    throw new Error('on purpose')
  })
  await expect(failing).rejects.toThrow('on purpose')
  expect(await find('half')).toBeNull()
  expect(await database.query(`select from settings where name = 'half'`)).toEqual([])
})

test('what is stored around it leaves nothing behind of it either, and what outlives it is stored by itself', async () => {
  const later = Promise.withResolvers<void>()
  const outliving: Promise<unknown>[] = []
  const failing = inAuthTransaction(database, async (tx) => {
    await keep('within', adapter)
    await adapter.transaction((inner) => keep('further within', inner))
    await tx.query(`insert into settings (name, value) values ('around', 'x')`)
    outliving.push(later.promise.then(() => keep('afterwards', adapter)))
    throw new Error('on purpose')
  })
  await expect(failing).rejects.toThrow('on purpose')
  later.resolve()
  await Promise.all(outliving)
  expect([await find('within'), await find('further within')]).toEqual([null, null])
  expect(await database.query(`select from settings where name = 'around'`)).toEqual([])
  expect(await find('afterwards')).not.toBeNull()
})

test('what is used once is handed to one of many', async () => {
  await keep('once')
  const consume = () => adapter.consumeOne({ model: 'verification', where: where('once') })
  const taken = await Promise.all(Array.from({ length: 8 }, consume))
  expect(taken.filter((row) => row !== null)).toHaveLength(1)
})

test('a count goes up by one for each of many, and stops where the condition says', async () => {
  const data = { name: 'U', email: 'u@example.com', emailVerified: true }
  const user = await adapter.create({ model: 'user', data })
  const factor = `insert into two_factors (id, user_id, secret, backup_codes) values ('t', $1, 's', 'b')`
  await database.query(factor, [user['id']])
  const withFactor = authDatabase(database)({ plugins: [{ id: 'two-factor', schema: counted }] })
  const step = () =>
    withFactor.incrementOne({
      model: 'twoFactor',
      where: [{ field: 'failedVerificationCount', operator: 'lt', value: 5 }],
      increment: { failedVerificationCount: 1 },
    })
  const counts = await Promise.all(Array.from({ length: 8 }, step))
  expect(counts.filter((row) => row !== null)).toHaveLength(5)
  expect(await database.query(`select failed_verification_count as n from two_factors`)).toEqual([{ n: 5 }])
})

const counted = { twoFactor: { fields: { failedVerificationCount: { type: 'number' } } } } as const
