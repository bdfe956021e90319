import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  restrictToOwner,
  databaseFolder,
  freeBytes,
  makeDataDirectory,
  toUnusableDatabaseError,
} from './data-directory.ts'
import { lockDataDirectory } from './data-directory-lock.ts'
import type { DataDirectoryLock } from './data-directory-lock.ts'
import type { Database } from './database.ts'
import { openEmbedded } from './embedded.ts'
import type { EmbeddedDatabase } from './embedded.ts'
import { migrateEmbedded, migratePostgresql } from './migrate.ts'
import { openPostgresql } from './postgresql.ts'
import { UnusableDatabaseError } from './unusable-database.ts'
import { withStatistics } from './with-statistics.ts'

export interface OpenedDatabase {
  readonly database: Database
  /** Held while the embedded database is open; PostgreSQL needs none. */
  readonly lock?: DataDirectoryLock
  /** The migrations that were missing, in the order in which they ran. */
  readonly migrated: readonly string[]
  /** See `Migrated`. */
  readonly newerVersion?: string
}

/**
 * Opens and migrates the configured database.
 * @throws DataDirectoryInUseError if another process has the embedded one open.
 * @throws UnusableDatabaseError if the configuration or the machine has to be changed first.
 */
export async function openDatabase(where: {
  readonly databaseUrl?: string | undefined
  readonly dataDirectory: string
}): Promise<OpenedDatabase> {
  if (where.databaseUrl !== undefined) {
    const { missing: migrated, ...found } = await migratePostgresql(where.databaseUrl)
    return { database: withStatistics(openPostgresql(where.databaseUrl)), migrated, ...found }
  }
  await makeDataDirectory(where.dataDirectory)
  const lock = await lockDataDirectory(where.dataDirectory)
  try {
    await restrictToOwner(where.dataDirectory)
    const embedded = await openFiles(where.dataDirectory)
    const migrated = await migrateEmbedded(embedded.pglite).catch(async (error: unknown) => {
      // An open database keeps the process alive.
      await embedded.close()
      throw error
    })
    // The database sets its own modes on the files that it creates.
    await restrictToOwner(where.dataDirectory)
    return { database: withStatistics(withRelease(embedded, where.dataDirectory, lock)), lock, migrated }
  } catch (error) {
    await lock.release()
    throw toUnusableDatabaseError(where.dataDirectory, error)
  }
}

/** Size of a new database; an existing one needs space for recovery. */
const newDatabaseBytes = 128 * 1024 * 1024
const recoveryBytes = 24 * 1024 * 1024

/** @throws UnusableDatabaseError if there is not enough space, or the files are not those of a database. */
async function openFiles(directory: string): Promise<EmbeddedDatabase> {
  const folder = join(directory, databaseFolder)
  const needed = existsSync(join(folder, 'PG_VERSION')) ? recoveryBytes : newDatabaseBytes
  if ((await freeBytes(directory)) < needed) {
    throw new UnusableDatabaseError(
      `DATA_DIR: less than ${needed / 1_048_576} MiB are free on the disk of ${directory}: free some, or choose another folder`,
    )
  }
  try {
    return await openEmbedded(folder)
  } catch (error) {
    throw new UnusableDatabaseError(
      `DATA_DIR: the database in ${folder} cannot be opened (${error instanceof Error ? error.message : String(error)}): restore a backup of it, or choose another folder`,
      { cause: error },
    )
  }
}

function withRelease(database: Database, dataDirectory: string, lock: DataDirectoryLock): Database {
  return {
    ...database,
    dataDirectory,
    async close() {
      await database.close()
      await lock.release()
    },
  }
}
