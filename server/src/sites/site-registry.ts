import type { Database } from '@stagewatch/db/database.ts'
import type { DeltaSink } from '../boards/board-publisher.ts'
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
  readonly observer?: PipelineObserver | undefined
  /** Something went wrong that nobody waits for. */
  readonly failed: (error: unknown) => void
  readonly maxVisits?: number | undefined
  /** See `PipelineOptions`. */
  readonly showsOrders?: boolean | undefined
}

interface OpenSite {
  readonly pipeline: Promise<SitePipeline>
  /** Undefined: it is still being opened. */
  opened?: SitePipeline
  /** By a clock that only goes forward, ms. */
  usedAt: number
}

const codePattern = /^[a-z0-9][a-z0-9-]{0,62}$/
/** A site without orders whose pipeline nobody has asked for in so long is closed. */
const idleMs = 10 * 60_000
/** A site that nobody has asked for in so long is looked after less often. */
const quietMs = 60_000

/**
 * All sites, and the pipelines of those that have orders or that somebody uses. A site without orders costs what its
 * name costs until somebody asks for it.
 */
export class SiteRegistry {
  readonly #options: SiteRegistryOptions
  readonly #sites = new Map<string, Site>()
  readonly #open = new Map<string, OpenSite>()

  private constructor(options: SiteRegistryOptions) {
    this.#options = options
  }

  /** Opens every site that has orders, and the main one, which a fresh installation has. */
  static async open(options: SiteRegistryOptions): Promise<SiteRegistry> {
    const registry = new SiteRegistry(options)
    await saveSite(options.database, plainSite(mainSite))
    for (const { hasOrders, ...site } of await loadSitesAtStart(options.database)) {
      registry.#sites.set(site.code, site)
      if (hasOrders || site.code === mainSite) await registry.#openPipeline(site)
    }
    return registry
  }

  /** All sites, in the order of their codes, as far as this server instance has heard of them. */
  known(): Site[] {
    return [...this.#sites.values()].toSorted((a, b) => (a.code < b.code ? -1 : 1))
  }

  has(code: string): boolean {
    return this.#sites.has(code)
  }

  /**
   * The pipelines that are open. One that is being opened may wait long for the database, and nobody waits for it here.
   * @param usedSince of them, those that somebody has asked for since then, by a clock that only goes forward.
   */
  list(usedSince = -Infinity): Promise<SitePipeline[]> {
    const used = [...this.#open.values()].filter(({ usedAt }) => usedAt >= usedSince)
    return Promise.resolve(used.flatMap(({ opened }) => opened ?? []))
  }

  /** The pipelines that are still being opened, and may have read already what changes now. */
  opening(): Promise<SitePipeline>[] {
    return [...this.#open.values()].filter(({ opened }) => opened === undefined).map(({ pipeline }) => pipeline)
  }

  /** Those that somebody has asked for a moment ago. */
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

  /** @throws AppError `invalid_field` when the code of a new site is none. */
  async getOrCreate(code: string, describe: (code: string) => Site = plainSite): Promise<SitePipeline> {
    if (!this.#sites.has(code)) await this.create(describe(code), serverActor)
    return this.get(code)
  }

  /**
   * @returns whether it is new.
   * @throws AppError `invalid_field` when the code is none.
   */
  async create(site: Site, actor: Actor): Promise<boolean> {
    const { code } = site
    if (!codePattern.test(code)) {
      throw new AppError('invalid_field', 'a site code is made of a-z, 0-9 and hyphens', {
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

  /** What can be changed of a site, with its version. @throws AppError `not_found`. */
  async settings(code: string): Promise<OwnSite> {
    const site = await loadSite(this.#options.database, code)
    if (site === undefined) throw noSuchSite()
    return { ...site, version: versionOf({ timeZone: site.timeZone }) }
  }

  /**
   * From now on the days of the site begin by other clocks, on every server instance: each reads the site anew, and its
   * screens connect again.
   * @throws AppError `not_found`, or `conflict` when somebody else has changed it or it is the sample.
   */
  async changeTimeZone(code: string, timeZone: string, actor: Actor, expected: ExpectedVersion): Promise<void> {
    const { database, clock } = this.#options
    await database.transaction(async (tx) => {
      const before = await lockedSite(tx, code)
      if (before === undefined) throw noSuchSite()
      if (before.sample) throw new AppError('conflict', 'the sample factory keeps its time zone')
      requireVersion(expected, { current: { timeZone: before.timeZone }, yours: { timeZone } })
      if (before.timeZone === timeZone) return
      await saveTimeZone(tx, code, timeZone)
      const change = { changedAt: clock.now(), actor, action: 'site.changed', subject: code } as const
      await recordChange(tx, code, { ...change, before, after: { ...before, timeZone } })
      await announceRules(tx, code)
    })
    await this.refresh()
  }

  /** @throws AppError `not_found`, or `conflict` when it holds events or is the main one. */
  async delete(code: string, actor: Actor): Promise<void> {
    await deleteSite(this.#options.database, code, actor, this.#options.clock.now())
    await this.#forget(code)
  }

  /**
   * Takes over which sites there are, and in which time zones. Pipelines of those that have gone are closed. One run
   * after the other: one that has read an older state may not come in last.
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

  /** All that is in memory is counted by days: whoever asks for the site waits until it was read anew. */
  #reopen(site: Site): void {
    const open = this.#open.get(site.code)
    if (open === undefined) return
    this.#open.delete(site.code)
    const closed = () => open.pipeline.then((pipeline) => pipeline.close())
    // Whoever asks next tries it again.
    this.#openPipeline(site, closed).catch((error: unknown) => this.#options.failed(error))
  }

  /** Closes the pipelines of sites without orders that nobody has used. @param unusedMs for so long. */
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

  /** @param before what has to be done first. */
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

/** The site that is shown to who names none: the real one as soon as it has orders, until then the sample. */
export async function defaultSite(sites: SiteRegistry): Promise<string> {
  if (!sites.has(sampleSite)) return mainSite
  const { engine } = await sites.get(mainSite)
  return engine.orders.size === 0 ? sampleSite : mainSite
}
