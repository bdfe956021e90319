import { join } from 'node:path'
import { lockDataDirectory } from './data-directory-lock.ts'
import type { DataDirectoryLock } from './data-directory-lock.ts'
import type { Database } from './database.ts'
import { openEmbedded } from './embedded.ts'
import { migrateEmbedded, migratePostgresql } from './migrate.ts'
import { openPostgresql } from './postgresql.ts'
import { withStatistics } from './with-statistics.ts'

export interface OpenedDatabase {
  readonly database: Database
  /** Held as long as the embedded database is open; PostgreSQL needs none. */
  readonly lock?: DataDirectoryLock
}

/**
 * Opens and migrates the database that the configuration names.
 * @throws DataDirectoryInUseError when another process has the embedded one open.
 */
export async function openDatabase(where: {
  readonly databaseUrl?: string | undefined
  readonly dataDirectory: string
}): Promise<OpenedDatabase> {
  if (where.databaseUrl !== undefined) {
    await migratePostgresql(where.databaseUrl)
    return { database: withStatistics(openPostgresql(where.databaseUrl)) }
  }
  const lock = await lockDataDirectory(where.dataDirectory)
  try {
    const embedded = await openEmbedded(join(where.dataDirectory, 'pglite'))
    await migrateEmbedded(embedded.pglite)
    return { database: withStatistics(withRelease(embedded, lock)), lock }
  } catch (error) {
    await lock.release()
    throw error
  }
}

function withRelease(database: Database, lock: DataDirectoryLock): Database {
  return {
    ...database,
    async close() {
      await database.close()
      await lock.release()
    },
  }
}
