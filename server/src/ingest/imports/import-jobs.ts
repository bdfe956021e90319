import { setTimeout as sleep } from 'node:timers/promises'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { ImportProgress } from '@stagewatch/shared/contract/imports.ts'
import pLimit from 'p-limit'
import { AppError } from '../../platform/app-error.ts'
import { databaseRefusal } from '../../platform/database-refusal.ts'
import type { Clock } from '../../platform/clock/clock.ts'
import { every } from '../../platform/clock/every.ts'
import { FileReader } from './file-reader.ts'
import { Pace } from './pace.ts'
import type { ReadPosition, ReadTask } from './import-messages.ts'
import type { ImportTarget } from './import-surveyed.ts'

/** Maximum number of files read at once, each by a thread that uses one CPU core; the others wait. */
const maxRunning = 2
const maxWaiting = 20
/** Interval at which the state of a job is stored, which also acts as a heartbeat of this server instance. */
const keepEveryMs = 1_000

/** A file to read, and the callbacks that receive its progress and result. */
export interface ImportJob {
  /** Unique among all jobs; no second job with this key can start. */
  readonly key: string
  /** Runs before the file is read. */
  prepare?(): Promise<void>
  task(): Promise<ReadTask>
  /**
   * The site that receives the events of the file.
   * @param stopped aborts when the job should no longer wait for anything.
   */
  target(stopped: AbortSignal): Promise<ImportTarget>
  /**
   * Stores the state where every server instance can read it.
   * @returns whether a stop was requested.
   */
  keep(progress: ImportProgress | undefined, position: ReadPosition | undefined): Promise<boolean>
  done(report: ImportReport): Promise<void>
  /** The file cannot be read; undefined if it was stopped before reading started. */
  failed(error: Error | undefined): Promise<void>
}

interface Begun {
  reader: FileReader | undefined
  readonly stopping: AbortController
  readonly ended: Promise<void>
}

interface ImportJobsOptions {
  readonly clock: Clock
  /** Reports an error that no caller is waiting for. */
  readonly failed: (error: unknown) => void
}

/** Reads at most two files at once, each in a separate thread. */
export class ImportJobs {
  readonly #options: ImportJobsOptions
  readonly #running = pLimit(maxRunning)
  readonly #begun = new Map<string, Begun>()
  #isClosed = false

  constructor(options: ImportJobsOptions) {
    this.#options = options
  }

  /** Number of files that are read or waiting, and its limit. */
  get usage() {
    return { size: this.#begun.size, limit: maxRunning + maxWaiting }
  }

  /** Whether this server instance reads the file or has it queued. */
  has(key: string): boolean {
    return this.#begun.has(key)
  }

  /**
   * Has to be called before any state of the job is stored.
   * @throws AppError `overloaded` if too many jobs are waiting.
   */
  requireRoom(): void {
    if (this.#isClosed) throw new AppError('not_ready', 'the server is closing', { retryAfterS: 5 })
    if (this.#begun.size < maxRunning + maxWaiting) return
    throw new AppError('overloaded', 'too many files are waiting to be read', { retryAfterS: 30 })
  }

  start(job: ImportJob): void {
    const ended = Promise.withResolvers<void>()
    const begun: Begun = { reader: undefined, stopping: new AbortController(), ended: ended.promise }
    this.#begun.set(job.key, begun)
    void this.#running(() => this.#read(job, begun))
      .catch(this.#options.failed)
      .finally(() => {
        this.#begun.delete(job.key)
        ended.resolve()
      })
  }

  /** Rows that were read by then are kept. */
  stop(key: string): void {
    const begun = this.#begun.get(key)
    if (begun === undefined) return
    begun.stopping.abort()
    begun.reader?.stop()
  }

  /** Resolves when this server instance no longer reads the file. */
  async ended(key: string): Promise<void> {
    await this.#begun.get(key)?.ended
  }

  /** Stops all jobs. */
  async close(): Promise<void> {
    this.#isClosed = true
    const ended = [...this.#begun].map(([key, begun]) => {
      this.stop(key)
      return begun.ended
    })
    await Promise.all(ended)
  }

  async #read(job: ImportJob, begun: Begun): Promise<void> {
    const { clock, failed } = this.#options
    const stopped = begun.stopping.signal
    let position: ReadPosition | undefined
    const pace = new Pace(clock)
    const keep = async () => {
      if (await job.keep(position && pace.of(position), position)) this.stop(job.key)
    }
    const stopKeeping = every(clock, keepEveryMs, keep, failed)
    try {
      if (stopped.aborted) return await job.failed(undefined)
      await job.prepare?.()
      const task = await job.task()
      if (stopped.aborted) return await job.failed(undefined)
      begun.reader = new FileReader(task, {
        open: () => job.target(stopped),
        positionChanged: (reached) => (position = reached),
      })
      const report = await begun.reader.report
      await stopKeeping()
      await job.done(report)
    } catch (error) {
      await stopKeeping()
      if (!(error instanceof AppError)) failed(error)
      await job.failed(error instanceof Error ? error : new Error(String(error)))
    } finally {
      await stopKeeping()
      await begun.reader?.close()
    }
  }
}

const firstWaitMs = 500
const longestWaitMs = 15_000
/** About two minutes of waiting in total. */
const maxAttempts = 12

/**
 * Retries with exponential backoff while the server is overloaded or its database unavailable.
 * @param wait rejects when the signal aborts.
 * @throws AppError the last error.
 */
export async function patiently<T>(
  work: () => Promise<T>,
  stopped: AbortSignal,
  wait: (ms: number, stopped: AbortSignal) => Promise<unknown> = (ms, signal) => sleep(ms, undefined, { signal }),
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const refusal = databaseRefusal(error)
      if (!(refusal instanceof AppError) || refusal.retryAfterS === undefined || attempt === maxAttempts) throw refusal
      const waitMs = Math.max(refusal.retryAfterS * 1_000, Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs))
      await wait(waitMs, stopped).catch(() => {
        // Whoever stops the import is told why it had to wait, not that the wait was aborted.
        throw refusal
      })
    }
  }
}
