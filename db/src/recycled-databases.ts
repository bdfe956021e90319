import { readFile } from 'node:fs/promises'
import type { PGlite } from '@electric-sql/pglite'
import type { Database, Work } from './database.ts'
import { embedded, startEngine } from './embedded.ts'
import { restorePristine, readPristineState } from './pristine-state.ts'
import type { PristineState } from './pristine-state.ts'

/** Each uses up to a hundred megabytes. */
const maxIdle = 2

/**
 * Embedded databases in memory that are reused by one test file after the other: starting one takes several times as
 * long as emptying one. A database in which a test has changed more than rows, or that is broken, is not used again.
 */
export class RecycledDatabases {
  readonly #file: () => Promise<string>
  readonly #idle: PGlite[] = []
  #dump: Promise<Blob> | undefined
  #pristine: PristineState | undefined

  /** @param file Returns the file with the dump of a migrated database, and creates it if it is missing. */
  constructor(file: () => Promise<string>) {
    this.#file = file
  }

  async open(): Promise<Database> {
    const pglite = (await this.#reuse()) ?? (await this.#create())
    return lend(await embedded(pglite), () => this.#takeBack(pglite))
  }

  async #reuse(): Promise<PGlite | undefined> {
    for (let pglite = this.#idle.pop(); pglite !== undefined; pglite = this.#idle.pop()) {
      if (await this.#isPutBack(pglite)) return pglite
      await pglite.close().catch(() => undefined)
    }
    return undefined
  }

  async #isPutBack(pglite: PGlite): Promise<boolean> {
    try {
      // Prepared statements, locks, listeners, temporary tables, settings and the role of the previous user.
      await pglite.exec('discard all')
      return this.#pristine !== undefined && (await restorePristine(await embedded(pglite), this.#pristine))
    } catch {
      return false
    }
  }

  async #create(): Promise<PGlite> {
    this.#dump ??= this.#file().then(async (file) => new Blob([await readFile(file)]))
    const pglite = await startEngine({ loadDataDir: await this.#dump })
    this.#pristine ??= await readPristineState(await embedded(pglite))
    return pglite
  }

  async #takeBack(pglite: PGlite): Promise<void> {
    // Outside of a test run no other database is opened, and an open one keeps the process from ending.
    if (process.env['VITEST'] === undefined || this.#idle.length >= maxIdle) return pglite.close()
    this.#idle.push(pglite)
  }
}

/** Code that a test leaves running must get a closed database, not that of the next test. */
function lend(database: Database, giveBack: () => Promise<void>): Database {
  let isClosed = false
  const ends: (() => Promise<void>)[] = []
  const open = (): Database => {
    if (isClosed) throw new Error('the test database is closed')
    return database
  }
  const work: Work = {
    query: async (text, parameters) => open().query(text, parameters),
    values: async (text, parameters) => open().values(text, parameters),
    transaction: async (carryOut) => open().transaction(carryOut),
  }
  return {
    ...database,
    ...work,
    longRunning: work,
    copyOut: async (queries) => open().copyOut(queries),
    async listen(channel, heard) {
      const end = await open().listen(channel, (payload) => {
        if (!isClosed) heard(payload)
      })
      ends.push(end)
      return end
    },
    async close() {
      if (isClosed) return
      isClosed = true
      // A broken engine is detected when it is used next.
      await Promise.allSettled(ends.map((end) => end()))
      await giveBack()
    },
  }
}
