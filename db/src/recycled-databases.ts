import { readFile } from 'node:fs/promises'
import type { PGlite } from '@electric-sql/pglite'
import type { Database, Work } from './database.ts'
import { embedded, startEngine } from './embedded.ts'
import { putBack, readUntouched } from './put-back.ts'
import type { Untouched } from './put-back.ts'

/** Each keeps up to a hundred megabytes. */
const maxIdle = 2

/**
 * Embedded databases in memory, for one test file after the other: starting one costs several times what emptying one
 * does. One that a test has changed beyond its rows, or broken, is not used again.
 */
export class RecycledDatabases {
  readonly #file: () => Promise<string>
  readonly #idle: PGlite[] = []
  #dump: Promise<Blob> | undefined
  #untouched: Untouched | undefined

  /** @param file makes the dump of a migrated database where there is none yet. */
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
      // Prepared statements, locks, listeners, temporary tables, settings and the role of whoever had it before.
      await pglite.exec('discard all')
      return this.#untouched !== undefined && (await putBack(await embedded(pglite), this.#untouched))
    } catch {
      return false
    }
  }

  async #create(): Promise<PGlite> {
    this.#dump ??= this.#file().then(async (file) => new Blob([await readFile(file)]))
    const pglite = await startEngine({ loadDataDir: await this.#dump })
    this.#untouched ??= await readUntouched(await embedded(pglite))
    return pglite
  }

  async #takeBack(pglite: PGlite): Promise<void> {
    // Outside a test run nobody opens another one, and an open database keeps the process from ending.
    if (process.env['VITEST'] === undefined || this.#idle.length >= maxIdle) return pglite.close()
    this.#idle.push(pglite)
  }
}

/** What a test leaves running finds its database closed, and not that of the next test. */
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
      // One that is broken is found out when it is wanted again.
      await Promise.allSettled(ends.map((end) => end()))
      await giveBack()
    },
  }
}
