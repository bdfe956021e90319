import { DataDirectoryInUseError } from '@stagewatch/db/data-directory-lock.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { parseEnvironment } from '../platform/environment.ts'
import { openPlace } from './command-place.ts'

/** A running server that has the embedded database open, and the token for its administrative routes. */
export interface DataHolder {
  readonly url: string
  readonly token: string
}

/** What a command does with the data, depending on who has it open. */
interface DataUse<T> {
  readonly database: (database: Database) => Promise<T>
  readonly server: (holder: DataHolder) => Promise<T>
}

/**
 * Opens the database of the environment while `database` runs, or calls `server` if a running server has it open.
 * @throws AppError `not_found` if there is no database.
 * @throws EnvironmentError if the configuration is invalid.
 * @throws DataDirectoryInUseError if the data directory belongs to a process that is not serving yet.
 */
export async function withData<T>(use: DataUse<T>): Promise<T> {
  const opened = await openPlace(parseEnvironment(process.env)).catch((error: unknown) => {
    const holder = error instanceof DataDirectoryInUseError ? error.holder : undefined
    if (holder?.url === undefined) throw error
    return { url: holder.url, token: holder.token }
  })
  if (!('database' in opened)) return use.server(opened)
  try {
    return await use.database(opened.database)
  } finally {
    await opened.database.close()
  }
}
