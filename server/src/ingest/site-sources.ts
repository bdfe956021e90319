import type { Queryable } from '@stagewatch/db/database.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { HashedEvent } from '../log/append-events.ts'
import { SourceRegistry } from './source-registry.ts'
import type { RegisteredSource } from './source-registry.ts'
import { loadSources, saveDescription, saveWords } from './sources-table.ts'

/** The sources of one site, remembered over restarts. */
export class SiteSources {
  readonly registry = new SourceRegistry()
  readonly #database: Queryable
  readonly #site: string
  readonly #clock: Clock
  readonly #unlisten: () => void

  constructor(database: Queryable, site: string, clock: Clock) {
    this.#database = database
    this.#site = site
    this.#clock = clock
    this.#unlisten = clock.onStep(({ byMs }) => this.registry.shift(byMs))
  }

  /** Takes over what the database knows of them, also from other server instances. */
  async read(): Promise<void> {
    const stored = await loadSources(this.#database, this.#site)
    for (const source of stored) this.registry.register(source, this.#clock.now())
  }

  async register(source: RegisteredSource): Promise<void> {
    this.registry.register(source, this.#clock.now())
    await saveDescription(this.#database, this.#site, source)
  }

  /** Events have come in at `now`. */
  record(events: readonly HashedEvent[], now: number): void {
    for (const [source, items] of Map.groupBy(events, ({ event }) => event.source)) {
      this.registry.received(source, new Set(items.flatMap(({ event }) => event.stage ?? [])), now)
    }
  }

  /** Writes which sources have spoken since the last call; to be called every few seconds. */
  save(): Promise<void> {
    return saveWords(this.#database, this.#site, this.registry.takeChanged())
  }

  async close(): Promise<void> {
    this.#unlisten()
    await this.save()
  }
}
