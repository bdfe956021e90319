import { setImmediate } from 'node:timers/promises'
import type { Database } from '@stagewatch/db/database.ts'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import type { ArchiveFailure } from '@stagewatch/shared/contract/retention.ts'
import { eq } from 'drizzle-orm'
import type { Clock } from '../platform/clock/clock.ts'
import { holdLease } from '../platform/lease.ts'
import { isOlderRunning } from '../platform/older-instances.ts'
import { AppError } from '../platform/app-error.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { ArchiveError, deleteLeftovers, requireWritable } from './archive-directory.ts'
import { beginRun, endRun, forgetOldIdentities, isErasurePending, loadRun, runLease } from './archive-runs-table.ts'
import { archiveOrders } from './archive-slice.ts'
import { archiveParts } from './archive-parts.ts'
import { endedOrders } from './ended-orders.ts'
import { bringLeftBehind } from './left-behind.ts'
import { filesOfArchive } from './part-files.ts'

/** Longer than any slice takes; a run renews its lease before each. */
const leaseMs = 120_000
/** A run that takes longer is continued within the hour. */
const budgetMs = 10 * 60_000
/** Runs begin at full hours, so one that began a minute later than yesterday must not wait for another hour. */
const dailyMs = 23.5 * 3_600_000

export interface ArchiveRunnerOptions {
  readonly database: Database
  readonly clock: Clock
  /** Identifies this server instance. */
  readonly origin: string
  /** Folder of all archives. */
  readonly directory: string
  readonly failed: (error: unknown) => void
}

/** Archives the events of ended orders, one server instance at a time for each site. */
export class ArchiveRunner {
  readonly #options: ArchiveRunnerOptions
  readonly #running = new Map<string, Promise<void>>()
  #isClosed = false

  constructor(options: ArchiveRunnerOptions) {
    this.#options = options
  }

  get directory(): string {
    return this.#options.directory
  }

  /** Archives at the sites whose last run was a day ago, has not got to the end, or has failed. */
  async runDue(sites: readonly SitePipeline[]): Promise<void> {
    const { database, clock } = this.#options
    for (const pipeline of sites) {
      const { code } = pipeline.site
      if (this.#isClosed) continue
      await this.#bringLeftBehind(code)
      if (pipeline.retention.now.archiveAfterMonths === undefined) continue
      const last = await loadRun(database, code)
      const isDone = last?.after === null || last?.isCancelled === true
      const hasEnded = last !== undefined && last.endedAt !== null && last.failure === null && isDone
      if (hasEnded && clock.now() - last.begunAt < dailyMs) continue
      await this.#begin(pipeline)?.finished
    }
  }

  /**
   * Starts a run that continues after the call.
   * @throws AppError `conflict` if there is a run already, or the site keeps all events; `not_ready` if the files cannot
   * be written.
   */
  async start(pipeline: SitePipeline): Promise<void> {
    const { directory } = this.#options
    if (pipeline.retention.now.archiveAfterMonths === undefined)
      throw new AppError('conflict', 'the site keeps all events: first set after how many months they are archived', {
        field: 'archiveAfterMonths',
      })
    await requireWritable(directory, pipeline.site.code).catch(toRefusal)
    if (!(await this.#holdLease(pipeline.site.code))) throw underWay()
    const run = this.#begin(pipeline)
    if (run === undefined) throw underWay()
    await run.begun
  }

  /** Resolves when no run of this server instance is under way any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.#running.values())
  }

  /** Undefined if this server instance is archiving at the site already. */
  #begin(pipeline: SitePipeline): { begun: Promise<void>; finished: Promise<void> } | undefined {
    const { code } = pipeline.site
    if (this.#running.has(code)) return undefined
    const begun = Promise.withResolvers<void>()
    const finished = this.#run(pipeline, begun.resolve)
      .catch((error: unknown) => this.#options.failed(error))
      .finally(() => {
        this.#running.delete(code)
        begun.resolve()
      })
    this.#running.set(code, finished)
    return { begun: begun.promise, finished }
  }

  async #run(pipeline: SitePipeline, begun: () => void): Promise<void> {
    const { database, clock } = this.#options
    const { code } = pipeline.site
    if (!(await this.#holdLease(code))) return
    const previous = await loadRun(database, code)
    await beginRun(database, code, clock.now())
    begun()
    try {
      const after = await this.#archive(pipeline, previous?.failure === null ? previous.after : null)
      if (after !== undefined) await endRun(database, code, { endedAt: clock.now(), after, failure: null })
    } catch (error) {
      // The run stays open, and is continued when the database is back.
      if (error instanceof DatabaseUnavailableError && error.reason !== 'full') throw error
      const failure = { code: failureCode(error), message: error instanceof Error ? error.message : String(error) }
      this.#options.failed(error)
      await endRun(database, code, { endedAt: clock.now(), after: null, failure })
    } finally {
      // Expires at once, so that another server instance can begin.
      await holdLease(database, runLease(code), this.#options.origin, 0).catch(() => false)
    }
  }

  /** @returns the order after which to continue; null: all have been looked at; undefined: another instance goes on. */
  async #archive(pipeline: SitePipeline, from: string | null): Promise<string | null | undefined> {
    const { database, clock, directory } = this.#options
    const { code, timeZone } = pipeline.site
    await requireWritable(directory, code)
    const { name, correctionsSha256, approvalsSha256 } = archives
    const known = await drizzleOn(database)
      .select({ name, correctionsSha256, approvalsSha256 })
      .from(archives)
      .where(eq(archives.site, code))
    const files = new Set(known.flatMap(filesOfArchive))
    await deleteLeftovers(directory, code, (file) => files.has(file))
    const months = pipeline.retention.now.archiveAfterMonths
    if (months === undefined) return null
    const until = clock.elapsed() + budgetMs
    const choice = { site: code, timeZone, months, now: clock.now(), after: from }
    let reached = from ?? ''
    for await (const { month, orders, after } of endedOrders(database.longRunning, choice)) {
      if (clock.elapsed() > until || (await this.#mustStop(code))) return after
      // Another instance has taken over, because this one was suspended for long.
      if (!(await this.#holdLease(code))) return undefined
      await archiveOrders(database, directory, { site: code, month, orders, archivedAt: clock.now() })
      reached = after
      await setImmediate()
    }
    for (const part of archiveParts) {
      // A server of an earlier version would not look for personal data in such files.
      if (await isOlderRunning(database)) break
      for (let archive = await part.next(database, code, 0); archive !== undefined;) {
        // The next run goes on with the archives that are left.
        if (clock.elapsed() > until || (await this.#mustStop(code))) return reached
        if (!(await this.#holdLease(code))) return undefined
        await part.move(database, directory, code, archive)
        archive = await part.next(database, code, archive.id)
        await setImmediate()
      }
    }
    while (!this.#isClosed && (await forgetOldIdentities(database.longRunning, code, clock.now())) > 0)
      await setImmediate()
    await pipeline.retention.read()
    return null
  }

  async #bringLeftBehind(site: string): Promise<void> {
    const { database, directory, failed } = this.#options
    try {
      await bringLeftBehind(database, directory, site)
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error
      failed(error)
    }
  }

  /** A removal of personal data waits for the end of the run, so that no archive with the name is written meanwhile. */
  async #mustStop(site: string): Promise<boolean> {
    const { database } = this.#options
    if (this.#isClosed || (await loadRun(database, site))?.isCancelled === true) return true
    return isErasurePending(database, site)
  }

  #holdLease(site: string): Promise<boolean> {
    return holdLease(this.#options.database, runLease(site), this.#options.origin, leaseMs)
  }
}

function underWay(): AppError {
  return new AppError('conflict', 'archiving is under way already')
}

/** The refusal of a request that cannot be met because of the archive files. */
export function toRefusal(error: unknown): never {
  if (error instanceof ArchiveError)
    throw new AppError(error.failure === 'directory_full' ? 'disk_full' : 'not_ready', error.message)
  throw error
}

function failureCode(error: unknown): ArchiveFailure {
  if (error instanceof ArchiveError) return error.failure
  return error instanceof DatabaseUnavailableError ? 'database_full' : 'internal'
}
