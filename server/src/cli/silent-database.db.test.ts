import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { createTestDatabase } from '@stagewatch/db/test-database.ts'
import { expect, test, vi } from 'vitest'
import { runCommand } from './run-command.ts'
import { testTerminal } from './testing/test-terminal.ts'

const server = process.env['TEST_DATABASE_URL']
/** Longer than the statement timeout. */
const lockedForS = 10

test.skipIf(server === undefined)('a database that does not answer in time is a refusal and no crash', async () => {
  const { url, drop } = await createTestDatabase(server ?? '')
  const other = openPostgresql(url)
  vi.stubEnv('DATABASE_URL', url)
  try {
    const terminal = testTerminal()
    const code = await other.longRunning.transaction(async (tx) => {
      await tx.query('lock table sites in access exclusive mode')
      const locked = tx.query(`select pg_sleep(${lockedForS})::text`)
      const ended = await runCommand(['key', 'create', '--name', 'machine', '--scope', 'ingest'], terminal)
      await locked
      return ended
    })
    expect({ code, ...terminal }).toMatchObject({
      code: 1,
      printed: [],
      noted: ['refused: the database does not answer: try again'],
    })
  } finally {
    vi.unstubAllEnvs()
    await other.close()
    await drop()
  }
})
