import { expect, it, onTestFinished } from 'vitest'
import journal from '../migrations/meta/_journal.json' with { type: 'json' }
import { migratePostgresql } from './migrate.ts'
import { openPostgresql } from './postgresql.ts'
import { createEmptyDatabase } from './test-database.ts'

const onPostgresql = process.env['TEST_DATABASE_URL']

it.skipIf(onPostgresql === undefined)(
  'a migration that finds a table locked gives way to readers of the table, and runs when it can',
  async () => {
    const { url, drop } = await createEmptyDatabase(onPostgresql!)
    onTestFinished(drop)
    // The next one changes the table of alerts.
    const before = journal.entries.filter(({ tag }) => tag < '0044')
    await migratePostgresql(
      url,
      before.map(({ when }) => when),
    )
    const database = openPostgresql(url)
    onTestFinished(() => database.close())
    const isWaiting = async (): Promise<boolean> => {
      const waiting = await database.query(
        `select from pg_locks where relation = 'alerts'::regclass and not granted and database = (
           select oid from pg_database where datname = current_database())`,
      )
      return waiting.length > 0
    }
    let migrated: ReturnType<typeof migratePostgresql> | undefined
    await database.transaction(async (tx) => {
      await tx.query('select from alerts')
      migrated = migratePostgresql(url)
      await expect.poll(isWaiting, { interval: 5 }).toBe(true)
      const begunAt = performance.now()
      await database.query('select from alerts')
      expect(performance.now() - begunAt).toBeLessThan(2_000)
      await expect.poll(isWaiting, { interval: 5 }).toBe(false)
      // Keeps the transaction from being ended as idle.
      await tx.query('select 1')
      await expect.poll(isWaiting, { interval: 5 }).toBe(true)
    })
    expect((await migrated)?.missing).toContain('0044_alert-hand-overs')
  },
)
