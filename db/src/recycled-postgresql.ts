import type { Database } from './database.ts'
import { openPostgresql } from './postgresql.ts'
import { putBack, readUntouched } from './put-back.ts'
import type { Untouched } from './put-back.ts'

interface CreatedDatabase {
  readonly url: string
  readonly drop: () => Promise<void>
}

/**
 * Databases on a PostgreSQL server, for one test file after the other: copying and dropping one makes the server write
 * out all that it holds. Those that are left at the end are dropped with the test run.
 */
export class RecycledPostgresql {
  readonly #createDatabase: () => Promise<CreatedDatabase>
  readonly #idle: CreatedDatabase[] = []
  #untouched: Untouched | undefined

  /** @param create makes a migrated database. */
  constructor(create: () => Promise<CreatedDatabase>) {
    this.#createDatabase = create
  }

  async open(): Promise<Database> {
    const created = (await this.#reuse()) ?? (await this.#create())
    const database = openPostgresql(created.url)
    return {
      ...database,
      close: async () => {
        await database.close()
        // Outside a test run nobody opens another one.
        if (process.env['VITEST'] === undefined) await created.drop()
        else this.#idle.push(created)
      },
    }
  }

  async #reuse(): Promise<CreatedDatabase | undefined> {
    for (let created = this.#idle.pop(); created !== undefined; created = this.#idle.pop()) {
      if (await this.#isPutBack(created)) return created
      await created.drop()
    }
    return undefined
  }

  async #isPutBack({ url }: CreatedDatabase): Promise<boolean> {
    const untouched = this.#untouched
    if (untouched === undefined) return false
    const database = openPostgresql(url)
    try {
      // What a test has left connected may hold locks.
      await database.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`)
      return await putBack(database, untouched)
    } catch {
      return false
    } finally {
      await database.close()
    }
  }

  async #create(): Promise<CreatedDatabase> {
    const created = await this.#createDatabase()
    if (this.#untouched === undefined) {
      const database = openPostgresql(created.url)
      // Only a superuser may look at, and put back, all of it.
      const [row] = await database.query<{ may: boolean }>(`select current_setting('is_superuser') = 'on' as may`)
      if (row?.may === true) this.#untouched = await readUntouched(database)
      await database.close()
    }
    return created
  }
}
