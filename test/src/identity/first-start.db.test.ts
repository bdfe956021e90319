import { rm } from 'node:fs/promises'
import { createTestDatabase, createTestDataDirectory } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectProblem } from '../http/expect-problem.ts'
import { spawnServer, type Greeting } from '../harness/spawn-server.ts'
import { newVisitor } from './visitor.ts'

const onPostgresql = process.env['TEST_DATABASE_URL']
let where: { readonly dataDirectory: string; readonly databaseUrl?: string }
let remove: () => Promise<void>

beforeAll(async () => {
  const dataDirectory = await createTestDataDirectory()
  const created = onPostgresql === undefined ? undefined : await createTestDatabase(onPostgresql)
  where = { dataDirectory, ...(created !== undefined && { databaseUrl: created.url }) }
  remove = async () => {
    await created?.drop()
    await rm(dataDirectory, { recursive: true, force: true })
  }
})
afterAll(() => remove())

const tokenOf = ({ setupLink = '' }: Greeting) => /\/setup#token=(\S+)$/.exec(setupLink)?.[1]

it(
  'each start prints a link until somebody is set up, and a restart signs nobody out',
  { timeout: 120_000 },
  async () => {
    const first = await spawnServer(where)
    const old = tokenOf(first.greeting)
    await first.kill('SIGTERM')

    const second = await spawnServer(where)
    const ada = newVisitor(second.url)
    const account = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }
    expectProblem(await ada.call('/api/v1/setup', { body: { token: old, ...account } }), 409, 'already_used')
    const token = tokenOf(second.greeting)
    expect(second.greeting.setupLink).toContain(`${second.url}/setup#token=`)
    expect((await ada.call('/api/v1/setup', { body: { token, ...account } })).status).toBe(200)
    const { cookie } = ada
    await second.kill('SIGTERM')

    const third = await spawnServer(where)
    try {
      expect(tokenOf(third.greeting)).toBeUndefined()
      const me = await newVisitor(third.url).call('/api/v1/me', { headers: { cookie } })
      expect(me.body).toMatchObject({ email: account.email, role: 'administrator' })
    } finally {
      await third.close()
    }
  },
)
