import type { Database } from '@stagewatch/db/database.ts'
import type { BoardCadence, DeltaSink } from '../boards/board-publisher.ts'
import type { OwnSite } from '@stagewatch/shared/contract/sites.ts'
import { untranslated } from '@stagewatch/shared/domain/local-text.ts'
import { serverActor } from '../access/actor.ts'
import type { Actor } from '../access/actor.ts'
import { AppError } from '../platform/app-error.ts'
import { recordChange } from '../access/changes-table.ts'
import type { InDoubtTransactions } from '../log/log-follower.ts'
import type { StatusEdge } from '../engine/status-edge.ts'
import { announceRules } from '../rules/rules-version.ts'
import { requireVersion, versionOf } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { coalesce } from '../platform/coalesce.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { PipelineObserver } from './pipeline-options.ts'
import { SitePipeline } from './site-pipeline.ts'
import { deleteSite } from './delete-site.ts'
import { mainSite, sampleSite } from '../platform/site.ts'
import type { Site } from '../platform/site.ts'
import { loadSite, loadSites, loadSitesAtStart, lockedSite, saveSite, saveTimeZone } from './sites-table.ts'

interface SiteRegistryOptions {
  readonly database: Database
  readonly clock: Clock
  readonly origin: string
  readonly inDoubtTransactions?: InDoubtTransactions
  readonly deltas: DeltaSink
  /** See `PipelineOptions`. */
  readonly statusChanged?: ((site: string, edges: readonly StatusEdge[]) => void) | undefined
  /** See `PipelineOptions`. */
  readonly changed?: ((site: string) => void) | undefined
  /** See `Board`. */
  readonly dataAsOf?: (() => number | undefined) | undefined
  /** See `BoardPublisherOptions`. */
  readonly cadence?: BoardCadence | undefined
  readonly observer?: PipelineObserver | undefined
  /** Reports an error that no caller is waiting for. */
  readonly failed: (error: unknown) => void
  readonly maxVisits?: number | undefined
  /** See `PipelineOptions`. */
  readonly showsOrders?: boolean | undefined
}

interface OpenSite {
  readonly pipeline: Promise<SitePipeline>
  /** Undefined while it is being opened. */
  opened?: SitePipeline
  /** Monotonic time, ms. */
  usedAt: number
}

const codePattern = /^[a-z0-9][a-z0-9-]{0,62}$/
/** The pipeline of a site without orders is closed after this time without requests. */
const idleMs = 10 * 60_000
/** A site without requests for this long is updated less often. */
const quietMs = 60_000

/**
 * All sites, and the pipelines of those that have orders or are in use. A site without orders costs no more than its
 * name until it is requested.
 */
export class SiteRegistry {
  readonly #options: SiteRegistryOptions
  readonly #sites = new Map<string, Site>()
  readonly #open = new Map<string, OpenSite>()

  private constructor(options: SiteRegistryOptions) {
    this.#options = options
  }

  /** Opens every site that has orders, and the main site, which exists in a fresh installation. */
  static async open(options: SiteRegistryOptions): Promise<SiteRegistry> {
    const registry = new SiteRegistry(options)
    await saveSite(options.database, plainSite(mainSite))
    for (const { hasOrders, ...site } of await loadSitesAtStart(options.database)) {
      registry.#sites.set(site.code, site)
      if (hasOrders || site.code === mainSite) await registry.#openPipeline(site)
    }
    return registry
  }

  /** All sites known to this server instance, sorted by code. */
  known(): Site[] {
    return [...this.#sites.values()].toSorted((a, b) => (a.code < b.code ? -1 : 1))
  }

  has(code: string): boolean {
    return this.#sites.has(code)
  }

  /**
   * The pipelines that are open. Excludes those that are still being opened, which may take long if the database is
   * slow.
   * @param usedSince only those requested since then, in monotonic time.
   */
  list(usedSince = -Infinity): Promise<SitePipeline[]> {
    const used = [...this.#open.values()].filter(({ usedAt }) => usedAt >= usedSince)
    return Promise.resolve(used.flatMap(({ opened }) => opened ?? []))
  }

  /** The pipelines that are still being opened, and may already have read data that is changing now. */
  opening(): Promise<SitePipeline>[] {
    return [...this.#open.values()].filter(({ opened }) => opened === undefined).map(({ pipeline }) => pipeline)
  }

  /** Those that were requested recently. */
  listUsed(): Promise<SitePipeline[]> {
    return this.list(performance.now() - quietMs)
  }

  /** @throws AppError `not_found`. */
  async get(code: string): Promise<SitePipeline> {
    const open = this.#open.get(code)
    if (open !== undefined) {
      open.usedAt = performance.now()
      return open.pipeline
    }
    // Another server instance may have created it.
    const site = this.#sites.get(code) ?? (await loadSite(this.#options.database, code))
    if (site === undefined) throw noSuchSite()
    this.#sites.set(code, site)
    return this.#openPipeline(site)
  }

  /** @throws AppError `invalid_field` if the code of a new site is invalid. */
  async getOrCreate(code: string, describe: (code: string) => Site = plainSite): Promise<SitePipeline> {
    if (!this.#sites.has(code)) await this.create(describe(code), serverActor)
    return this.get(code)
  }

  /**
   * @returns whether it is new.
   * @throws AppError `invalid_field` if the code is invalid.
   */
  async create(site: Site, actor: Actor): Promise<boolean> {
    const { code } = site
    if (!codePattern.test(code)) {
      throw new AppError('invalid_field', 'a site code must consist of a-z, 0-9 and hyphens', {
        field: 'site',
        reason: 'wrong_form',
      })
    }
    const changedAt = this.#options.clock.now()
    const isNew = await this.#options.database.transaction(async (tx) => {
      if (!(await saveSite(tx, site))) return false
      const change = {
        changedAt,
        actor,
        action: 'site.created',
        subject: code,
        before: undefined,
        after: site,
      } as const
      await recordChange(tx, code, change)
      return true
    })
    if (isNew) this.#sites.set(code, site)
    return isNew
  }

  /**
   * The editable settings of a site with their version.
   * @throws AppError `not_found`.
   */
  async settings(code: string): Promise<OwnSite> {
    const site = await loadSite(this.#options.database, code)
    if (site === undefined) throw noSuchSite()
    return { ...site, version: versionOf({ timeZone: site.timeZone }) }
  }

  /**
   * Changes the time zone that determines the days of the site on every server instance: each one reloads the site, and
   * its screens reconnect.
   * @throws AppError `not_found`, or `conflict` if somebody else has changed it or it is the sample site.
   */
  async changeTimeZone(code: string, timeZone: string, actor: Actor, expected: ExpectedVersion): Promise<void> {
    const { database, clock } = this.#options
    await database.transaction(async (tx) => {
      const before = await lockedSite(tx, code)
      if (before === undefined) throw noSuchSite()
      if (before.sample) throw new AppError('conflict', 'the time zone of the sample factory cannot be changed')
      requireVersion(expected, { current: { timeZone: before.timeZone }, yours: { timeZone } })
      if (before.timeZone === timeZone) return
      await saveTimeZone(tx, code, timeZone)
      const change = { changedAt: clock.now(), actor, action: 'site.changed', subject: code } as const
      await recordChange(tx, code, { ...change, before, after: { ...before, timeZone } })
      await announceRules(tx, code)
    })
    await this.refresh()
  }

  /** @throws AppError `not_found`, or `conflict` if it contains events or is the main site. */
  async delete(code: string, actor: Actor): Promise<void> {
    await deleteSite(this.#options.database, code, actor, this.#options.clock.now())
    await this.#forget(code)
  }

  /**
   * Loads the list of sites and their time zones, and closes the pipelines of deleted sites. Runs are serialized, so
   * that an older state cannot overwrite a newer one.
   */
  readonly refresh = coalesce(() => this.#refresh())

  async #refresh(): Promise<void> {
    const stored = new Map((await loadSites(this.#options.database)).map((site) => [site.code, site]))
    for (const code of this.#sites.keys()) if (!stored.has(code)) await this.#forget(code)
    for (const [code, site] of stored) {
      this.#sites.set(code, site)
      const zone = this.#open.get(code)?.opened?.site.timeZone
      if (zone !== undefined && zone !== site.timeZone) this.#reopen(site)
    }
  }

  /**
   * Reloads a site, because its in-memory state is aggregated by days. Requests for the site wait until it is reloaded.
   */
  #reopen(site: Site): void {
    const open = this.#open.get(site.code)
    if (open === undefined) return
    this.#open.delete(site.code)
    const closed = () => open.pipeline.then((pipeline) => pipeline.close())
    // The next request tries again.
    this.#openPipeline(site, closed).catch((error: unknown) => this.#options.failed(error))
  }

  /**
   * Closes the pipelines of unused sites without orders.
   * @param unusedMs minimum time since the last request.
   */
  async closeIdle(unusedMs = idleMs): Promise<void> {
    const since = performance.now() - unusedMs
    for (const [code, { opened, usedAt }] of this.#open) {
      if (opened === undefined || usedAt > since || code === mainSite) continue
      if (opened.engine.orders.size > 0 || opened.waitingEvents > 0) continue
      this.#open.delete(code)
      await opened.close()
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#open.values().map(({ pipeline }) => pipeline))
    for (const pipeline of await this.list()) await pipeline.close()
  }

  async #forget(code: string): Promise<void> {
    const open = this.#open.get(code)
    this.#sites.delete(code)
    this.#open.delete(code)
    await open?.pipeline.then((pipeline) => pipeline.close())
  }

  /** @param before runs before the pipeline is opened. */
  #openPipeline(site: Site, before?: () => Promise<void>): Promise<SitePipeline> {
    const known = this.#open.get(site.code)
    if (known !== undefined) return known.pipeline
    const begin = () => SitePipeline.open({ ...this.#options, site })
    const pipeline = before === undefined ? begin() : before().then(begin)
    const open: OpenSite = { pipeline, usedAt: performance.now() }
    this.#open.set(site.code, open)
    pipeline.then(
      (opened) => (open.opened = opened),
      () => this.#open.delete(site.code),
    )
    return pipeline
  }
}

function noSuchSite(): AppError {
  return new AppError('not_found', 'there is no such site', { field: 'site' })
}

export function plainSite(code: string): Site {
  const name = code === mainSite ? { zh: '主厂区', en: 'Main site' } : untranslated(code)
  return { code, name, timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone, sample: false }
}

/** The site shown if a request names none: the main site once it has orders, until then the sample. */
export async function defaultSite(sites: SiteRegistry): Promise<string> {
  if (!sites.has(sampleSite)) return mainSite
  const { engine } = await sites.get(mainSite)
  return engine.orders.size === 0 ? sampleSite : mainSite
}
