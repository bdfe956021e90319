import { isDeepStrictEqual } from 'node:util'
import type { Database } from '@stagewatch/db/database.ts'
import type { SourceFreshness } from '@stagewatch/shared/contract/board.ts'
import type { SourceDescription, SourceList } from '@stagewatch/shared/contract/sources.ts'
import type { Actor } from '../../access/actor.ts'
import { recordChange } from '../../access/changes-table.ts'
import { AppError } from '../../platform/app-error.ts'
import type { Clock } from '../../platform/clock/clock.ts'
import { requireVersion } from '../../platform/edit-version.ts'
import type { ExpectedVersion } from '../../platform/edit-version.ts'
import { describeSource, descriptionVersion, historyBegin } from './describe-sources.ts'
import { SourceRegistry } from './source-registry.ts'
import type { RegisteredSource } from './source-registry.ts'
import { addSourceHours, loadSourceHours } from './source-hours-table.ts'
import { SourceTallies } from './source-tallies.ts'
import type { TalliedRequest } from './source-tallies.ts'
import { loadSources, lockSource, saveDescription, saveWords } from './sources-table.ts'

/** Maximum number of listed sources. */
const listedSources = 200

/** The sources of one site, persisted across restarts. */
export class SiteSources {
  readonly registry = new SourceRegistry()
  readonly #tallies = new SourceTallies()
  readonly #database: Database
  readonly #site: string
  readonly #clock: Clock
  readonly #unlisten: () => void

  constructor(database: Database, site: string, clock: Clock) {
    this.#database = database
    this.#site = site
    this.#clock = clock
    this.#unlisten = clock.onStep(({ byMs }) => this.registry.shift(byMs))
  }

  /** Loads the sources from the database, including those saved by other server instances. */
  async read(): Promise<void> {
    const stored = await loadSources(this.#database, this.#site)
    for (const source of stored) this.registry.register(source, this.#clock.now())
  }

  async register(source: RegisteredSource): Promise<void> {
    this.registry.register(source, this.#clock.now())
    await saveDescription(this.#database, this.#site, source)
  }

  /**
   * Changes the name and the expected interval of a source.
   * @throws AppError `not_found`, or `conflict` if somebody else has changed it.
   */
  async describe(code: string, after: SourceDescription, actor: Actor, expected: ExpectedVersion): Promise<void> {
    // A new source may not be in the database yet.
    await this.save()
    const changed = await this.#database.transaction(async (tx) => {
      const stored = await lockSource(tx, this.#site, code)
      if (stored === undefined) throw new AppError('not_found', 'the site knows no such source', { field: 'source' })
      const { name, intervalMs } = stored
      const before = { name, ...(intervalMs !== undefined && { intervalMs }) }
      requireVersion(expected, { current: before, yours: after, version: descriptionVersion(before) })
      const { source, stages, lastReceivedAt } = stored
      const described = { source, stages, ...after, ...(lastReceivedAt !== undefined && { lastReceivedAt }) }
      if (isDeepStrictEqual(before, after)) return described
      await saveDescription(tx, this.#site, described)
      const change = { changedAt: this.#clock.now(), actor, action: 'source.changed', subject: code } as const
      await recordChange(tx, this.#site, { ...change, before, after })
      return described
    })
    this.registry.register(changed, this.#clock.now())
  }

  /** Freshness of each source. */
  freshness(): Record<string, SourceFreshness> {
    return this.registry.freshness(this.#clock.now())
  }

  /** Sources as shown to the site's administrators. */
  async list(): Promise<SourceList> {
    const now = this.#clock.now()
    const { named, moreCount } = this.registry.ranked(now, listedSources)
    const codes = named.map(({ source }) => source)
    const hours = await loadSourceHours(this.#database, this.#site, codes, historyBegin(now))
    const bySource = Map.groupBy(hours, ({ source }) => source)
    return {
      asOf: now,
      sources: named.map((source) => describeSource(source, bySource.get(source.source) ?? [], now)),
      moreCount,
    }
  }

  /** Counts requests received at `now` by the outcome of their events. */
  record(requests: readonly TalliedRequest[], now: number): void {
    const events = requests.flatMap(({ items }) => items.flatMap((item) => (item.ok ? [item.event] : [])))
    for (const [source, ofSource] of Map.groupBy(events, (event) => event.source)) {
      this.registry.received(source, new Set(ofSource.flatMap(({ stage }) => stage ?? [])), now)
    }
    for (const request of requests) this.#tallies.record(request, now)
  }

  /** Saves the sources that sent events since the last call, with their numbers; has to be called every few seconds. */
  async save(): Promise<void> {
    await saveWords(this.#database, this.#site, this.registry.takeChanged())
    const hours = this.#tallies.take()
    if (hours.length === 0) return
    await this.#database
      .transaction((tx) => addSourceHours(tx, this.#site, hours))
      .catch((error: unknown) => {
        this.#tallies.giveBack(hours)
        throw error
      })
  }

  async close(): Promise<void> {
    this.#unlisten()
    await this.save()
  }
}
