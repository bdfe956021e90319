import type { Database } from './database.ts'
import { openPostgresql } from './postgresql.ts'
import { restorePristine, readPristineState } from './pristine-state.ts'
import type { PristineState } from './pristine-state.ts'

interface CreatedDatabase {
  readonly url: string
  readonly drop: () => Promise<void>
}

/**
 * Databases on a PostgreSQL server that are reused by one test file after the other, because copying and dropping one
 * makes the server write out all its buffers. Those that are left at the end are dropped with the test run.
 */
export class RecycledPostgresql {
  readonly #createDatabase: () => Promise<CreatedDatabase>
  readonly #idle: CreatedDatabase[] = []
  #pristine: PristineState | undefined

  /** @param create Creates a migrated database. */
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
        // Outside of a test run no other database is opened.
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
    const pristine = this.#pristine
    if (pristine === undefined) return false
    const database = openPostgresql(url)
    try {
      // Connections that a test left open may hold locks.
      await database.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`)
      return await restorePristine(database, pristine)
    } catch {
      return false
    } finally {
      await database.close()
    }
  }

  async #create(): Promise<CreatedDatabase> {
    const created = await this.#createDatabase()
    if (this.#pristine === undefined) {
      const database = openPostgresql(created.url)
      // Only a superuser can inspect and restore all of it.
      const [row] = await database.query<{ may: boolean }>(`select current_setting('is_superuser') = 'on' as may`)
      if (row?.may === true) this.#pristine = await readPristineState(database)
      await database.close()
    }
    return created
  }
}
