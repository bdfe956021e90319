import type { Database } from '@stagewatch/db/database.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import { AppError } from '../app-error.ts'
import type { DoubtfulCommits } from '../follow/doubtful-commits.ts'
import type { Clock } from '../clock/clock.ts'
import type { PipelineObserver } from '../metrics/pipeline-observer.ts'
import { SitePipeline } from '../pipeline.ts'
import { mainSite } from './site.ts'
import type { Site } from './site.ts'
import { loadSites, saveSite } from './sites-table.ts'

interface SiteRegistryOptions {
  readonly database: Database
  readonly clock: Clock
  readonly origin: string
  readonly doubtfulCommits?: DoubtfulCommits
  /** A board of the site has changed. */
  readonly send: (site: string, delta: BoardDelta, audience: string) => void
  readonly observer?: PipelineObserver | undefined
  readonly mostVisits?: number | undefined
}

const codePattern = /^[a-z0-9][a-z0-9-]{0,62}$/

/** The pipelines of all sites; each is opened once. */
export class SiteRegistry {
  readonly #options: SiteRegistryOptions
  readonly #pipelines = new Map<string, Promise<SitePipeline>>()

  private constructor(options: SiteRegistryOptions) {
    this.#options = options
  }

  /** Opens every site that the database has, and the main one of a fresh installation. */
  static async open(options: SiteRegistryOptions): Promise<SiteRegistry> {
    const registry = new SiteRegistry(options)
    await saveSite(options.database, plainSite(mainSite))
    for (const site of await loadSites(options.database)) await registry.#open(site)
    return registry
  }

  list(): Promise<SitePipeline[]> {
    return Promise.all(this.#pipelines.values())
  }

  /** @throws AppError `not_found`. */
  async get(code: string): Promise<SitePipeline> {
    const known = await this.#pipelines.get(code)
    if (known !== undefined) return known
    // Another process may have created it.
    const site = (await loadSites(this.#options.database)).find((stored) => stored.code === code)
    if (site === undefined) throw new AppError('not_found', 'there is no such site', { field: 'site' })
    return this.#open(site)
  }

  /** @throws AppError `invalid_field` when the code of a new site is none. */
  async getOrCreate(code: string, describe: (code: string) => Site = plainSite): Promise<SitePipeline> {
    if (!this.#pipelines.has(code)) {
      if (!codePattern.test(code)) {
        throw new AppError('invalid_field', 'a site code is made of a-z, 0-9 and hyphens', { field: 'site' })
      }
      await saveSite(this.#options.database, describe(code))
    }
    return this.get(code)
  }

  async close(): Promise<void> {
    for (const pipeline of await this.list()) await pipeline.close()
  }

  #open(site: Site): Promise<SitePipeline> {
    const opened = this.#pipelines.get(site.code)
    if (opened !== undefined) return opened
    const { send, ...options } = this.#options
    const pipeline = SitePipeline.open({
      ...options,
      site,
      send: (delta, audience) => send(site.code, delta, audience),
    })
    this.#pipelines.set(site.code, pipeline)
    pipeline.catch(() => this.#pipelines.delete(site.code))
    return pipeline
  }
}

function plainSite(code: string): Site {
  const name = code === mainSite ? { zh: '主厂区', en: 'Main site' } : { zh: code, en: code }
  return { code, name, timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone, sample: false }
}
