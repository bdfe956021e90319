import type { Queryable } from '@stagewatch/db/database.ts'
import type { HashedEvent } from '../log/append-events.ts'
import { SourceBook } from './source-book.ts'
import type { KnownSource } from './source-book.ts'
import { loadSources, saveDescription, saveWords } from './sources-table.ts'

/** The sources of one site, remembered over restarts. */
export class SiteSources {
  readonly book = new SourceBook()
  readonly #database: Queryable
  readonly #site: string

  constructor(database: Queryable, site: string) {
    this.#database = database
    this.#site = site
  }

  /** Takes over what the database knows of them, also from other processes. */
  async read(): Promise<void> {
    for (const source of await loadSources(this.#database, this.#site)) this.book.know(source)
  }

  async know(source: KnownSource): Promise<void> {
    this.book.know(source)
    await saveDescription(this.#database, this.#site, source)
  }

  /** Events have come in at `now`. */
  hear(events: readonly HashedEvent[], now: number): void {
    for (const [source, items] of Map.groupBy(events, ({ event }) => event.source)) {
      this.book.received(source, new Set(items.flatMap(({ event }) => event.stage ?? [])), now)
    }
  }

  /** Writes which sources have spoken since the last call; to be called every few seconds. */
  save(): Promise<void> {
    return saveWords(this.#database, this.#site, this.book.takeChanged())
  }
}
