import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { databaseFolder } from '@stagewatch/db/data-directory.ts'
import { startEngine } from '@stagewatch/db/embedded.ts'
import { newestMigration } from '@stagewatch/db/installed-versions.ts'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { productVersion } from '@stagewatch/db/product-version.ts'
import { createTestDatabase, createTestDataDirectory } from '@stagewatch/db/test-database.ts'
import { expect, it, onTestFinished } from 'vitest'
import { runNode } from '../harness/node-process.ts'
import { skipUnless } from '../harness/skip.ts'
import { spawnServer } from '../harness/spawn-server.ts'

const onPostgresql = process.env['TEST_DATABASE_URL']
const inFuture = Date.UTC(2100, 0, 1)
const words =
  `the database was migrated by Stagewatch 9.1.0, and this is ${productVersion} (1 of its N migrations are unknown here): ` +
  `start 9.1.0 or newer, or restore a backup from before the upgrade with ${productVersion}`

/** Statements of a newer version that has migrated the database. */
const upgraded = (oldestCompatible: number) => [
  `insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', ${inFuture})`,
  `insert into installed_versions (version, newest_migration, oldest_compatible)
   values ('9.1.0', ${inFuture}, ${oldestCompatible})`,
]

/** The environment of a server whose database a newer version has migrated. */
async function environmentOf(oldestCompatible: number): Promise<NodeJS.ProcessEnv> {
  if (onPostgresql !== undefined) {
    const { url, drop } = await createTestDatabase(onPostgresql)
    onTestFinished(drop)
    const database = openPostgresql(url)
    for (const statement of upgraded(oldestCompatible)) await database.query(statement)
    await database.close()
    return { DATABASE_URL: url }
  }
  const directory = await createTestDataDirectory()
  onTestFinished(() => rm(directory, { recursive: true }))
  const pglite = await startEngine({ dataDir: join(directory, databaseFolder) })
  for (const statement of upgraded(oldestCompatible)) await pglite.query(statement)
  await pglite.close()
  return { DATA_DIR: directory }
}

it('the server and its commands say which version has migrated the database, which they are, and what to do', async () => {
  const env = { ...(await environmentOf(newestMigration + 1)), PORT: '0', DEMO: 'off', LOG_LEVEL: 'error' }
  const programs = [
    { program: 'server/src/main.ts', args: [], said: words },
    { program: 'server/src/cli/stagewatch.ts', args: ['migrate'], said: `refused: ${words}` },
    {
      program: 'server/src/cli/stagewatch.ts',
      args: ['key', 'create', '--name', 'a', '--scope', 'read'],
      said: `refused: ${words}`,
    },
  ]
  for (const { program, args, said } of programs) {
    const { code, stdout, stderr } = await runNode(program, args, env)
    expect({ code, stdout, stderr: stderr.trim().replace(/of its \d+/, 'of its N') }).toEqual({
      code: 1,
      stdout: '',
      stderr: said,
    })
  }
})

it(
  'an instance on PostgreSQL can be started again while a compatible newer version runs beside it',
  skipUnless(onPostgresql !== undefined, 'an older instance on a newer database (needs PostgreSQL)'),
  async () => {
    const { DATABASE_URL: databaseUrl = '' } = await environmentOf(newestMigration)
    const server = await spawnServer({ databaseUrl })
    try {
      const health = (await (await fetch(`${server.url}/healthz`)).json()) as unknown
      expect(health).toMatchObject({ status: 'ok', version: productVersion })
    } finally {
      await server.close()
    }
  },
)
