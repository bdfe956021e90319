import { describe, expect, it } from 'vitest'
import type { Database } from '@stagewatch/db/database.ts'
import { RecycledPostgresql } from '@stagewatch/db/recycled-postgresql.ts'
import { createTestDatabase } from '@stagewatch/db/test-database.ts'
import { databaseContents, fill } from '@stagewatch/db/testing/database-contents.ts'
import { skipUnless } from './skip.ts'

const server = process.env['TEST_DATABASE_URL']

describe(
  'a database on a server that a test has used',
  skipUnless(server !== undefined, 'databases on PostgreSQL'),
  () => {
    it('equals a new one, and is not passed on when more than rows was changed', async () => {
      const databases = new RecycledPostgresql(() => createTestDatabase(server!))
      const used = await databases.open()
      const name = await nameOf(used)
      const expected = await databaseContents(used)
      await fill(used)
      await used.close()

      const usedAgain = await databases.open()
      expect(await nameOf(usedAgain)).toBe(name)
      // The server updates its row statistics by itself at times.
      const { sizes: _, statistics: __, ...found } = await databaseContents(usedAgain)
      expect(expected).toMatchObject(found)
      await usedAgain.query('create table more (id int)')
      await usedAgain.close()

      const another = await databases.open()
      expect(await nameOf(another)).not.toBe(name)
      expect(await another.query(`select from pg_database where datname = '${name}'`)).toEqual([])
      await another.close()
    })
  },
)

async function nameOf(database: Database): Promise<string> {
  const [row] = await database.query<{ name: string }>('select current_database() as name')
  return row?.name ?? ''
}
