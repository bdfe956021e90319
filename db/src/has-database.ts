import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { databaseFolder } from './data-directory.ts'
import { holderFile } from './data-directory-lock.ts'
import { openPostgresql } from './postgresql.ts'

interface DatabasePlace {
  readonly databaseUrl?: string | undefined
  readonly dataDirectory: string
}

/**
 * Whether there is a database of this program in a place, or a process that is just creating one. Reading it changes
 * nothing. A PostgreSQL that cannot be asked counts as one that has it, so that opening it reports what is wrong.
 */
export async function hasDatabase({ databaseUrl, dataDirectory }: DatabasePlace): Promise<boolean> {
  if (databaseUrl === undefined) {
    return existsSync(join(dataDirectory, databaseFolder, 'PG_VERSION')) || existsSync(holderFile(dataDirectory))
  }
  const database = openPostgresql(databaseUrl)
  try {
    const [found] = await database.query<{ exists: boolean }>(
      `select to_regclass('drizzle.__drizzle_migrations') is not null as exists`,
    )
    return found?.exists !== false
  } catch {
    return true
  } finally {
    await database.close()
  }
}
