import { setTimeout as sleep } from 'node:timers/promises'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { ImportProgress } from '@stagewatch/shared/contract/imports.ts'
import pLimit from 'p-limit'
import { AppError } from '../../platform/app-error.ts'
import { databaseRefusal } from '../../platform/database-refusal.ts'
import type { Clock } from '../../platform/clock/clock.ts'
import { every } from '../../platform/clock/every.ts'
import { FileReader } from './file-reader.ts'
import type { FileReaderHost } from './file-reader.ts'
import type { ReadPosition, ReadTask } from './import-messages.ts'

/** Files that are read at a time, each by a thread that takes a processor; the others wait. */
const maxRunning = 2
const maxWaiting = 20
/** What is known of a job is kept so often, which also says that this server instance is alive. */
const keepEveryMs = 1_000

/** A file to be read, and where it is told how that goes. */
export interface ImportJob {
  /** Names it among all; another job of this name cannot begin. */
  readonly key: string
  /** What has to be done before the file is read. */
  prepare?(): Promise<void>
  task(): Promise<ReadTask>
  /** @param stopped aborts when nobody is to be waited for any more. */
  host(stopped: AbortSignal): Omit<FileReaderHost, 'positionChanged'>
  /** To be kept where every server instance finds it. @returns whether somebody has asked to stop. */
  keep(progress: ImportProgress | undefined, position: ReadPosition | undefined): Promise<boolean>
  done(report: ImportReport): Promise<void>
  /** The file cannot be read; undefined: it was not begun, because somebody stopped it. */
  failed(error: Error | undefined): Promise<void>
}

interface Begun {
  reader: FileReader | undefined
  readonly stopping: AbortController
  readonly ended: Promise<void>
}

interface ImportJobsOptions {
  readonly clock: Clock
  /** Something went wrong that nobody waits for. */
  readonly failed: (error: unknown) => void
}

/** Reads files one or two at a time, each in a thread of its own. */
export class ImportJobs {
  readonly #options: ImportJobsOptions
  readonly #running = pLimit(maxRunning)
  readonly #begun = new Map<string, Begun>()
  #isClosed = false

  constructor(options: ImportJobsOptions) {
    this.#options = options
  }

  /** How many files are read or wait to be, and how many may. */
  get usage() {
    return { size: this.#begun.size, limit: maxRunning + maxWaiting }
  }

  /** Whether this server instance reads it, or will. */
  has(key: string): boolean {
    return this.#begun.has(key)
  }

  /** To be asked before anything of the job is kept. @throws AppError `overloaded` when too many wait. */
  requireRoom(): void {
    if (this.#isClosed) throw new AppError('not_ready', 'the server is closing', { retryAfterS: 5 })
    if (this.#begun.size < maxRunning + maxWaiting) return
    throw new AppError('overloaded', 'too many files wait to be read', { retryAfterS: 30 })
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

  /** What was read of it by then is kept. */
  stop(key: string): void {
    const begun = this.#begun.get(key)
    if (begun === undefined) return
    begun.stopping.abort()
    begun.reader?.stop()
  }

  /** Resolves when this server instance does not read it any more. */
  async ended(key: string): Promise<void> {
    await this.#begun.get(key)?.ended
  }

  /** Stops all of them. */
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
      begun.reader = new FileReader(task, { ...job.host(stopped), positionChanged: (reached) => (position = reached) })
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

/** How fast a file is read, phase by phase. */
class Pace {
  readonly #clock: Clock
  #phase: ReadPosition['phase'] | undefined
  #beganAt = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  of({ phase, ratio, rows }: ReadPosition): ImportProgress {
    const now = this.#clock.elapsed()
    if (phase !== this.#phase) {
      this.#phase = phase
      this.#beganAt = now
    }
    const tookMs = now - this.#beganAt
    return {
      phase,
      ratio,
      rowsPerSecond: tookMs === 0 ? 0 : Math.round((rows * 1_000) / tookMs),
      ...(ratio > 0 && tookMs > 0 && { leftMs: Math.round((tookMs * (1 - ratio)) / ratio) }),
    }
  }
}

const firstWaitMs = 500
const longestWaitMs = 15_000
/** About two minutes of waiting altogether. */
const maxAttempts = 12

/**
 * Tries again while the server is overloaded or its database away, twice as long apart every time.
 * @throws AppError what it was refused with last.
 */
export async function patiently<T>(work: () => Promise<T>, stopped: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const refusal = databaseRefusal(error)
      if (!(refusal instanceof AppError) || refusal.retryAfterS === undefined || attempt === maxAttempts) throw refusal
      const waitMs = Math.max(refusal.retryAfterS * 1_000, Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs))
      await sleep(waitMs, undefined, { signal: stopped }).catch(() => {
        throw refusal
      })
    }
  }
}
