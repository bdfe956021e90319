import type { Database } from '@stagewatch/db/database.ts'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import type { Logger } from 'pino'
import type { Clock } from './clock/clock.ts'
import { every, everyAt } from './clock/every.ts'
import { findDueQueues } from './jobs.ts'
import type { JobWorker } from './jobs.ts'
import { withLogContext } from './log-context.ts'
import { holdLease, releaseLeases } from './lease.ts'
import { inTrace } from './tracing/active-span.ts'
import type { Tracer } from './tracing/active-span.ts'

/** Recurring work that no request triggers. */
export interface BackgroundTask {
  /** Kebab-case; labels its metrics. */
  readonly name: string
  /** A pause after the end of the last run, or instants of the wall clock: the first one after `now`, epoch ms. */
  readonly schedule: { readonly everyMs: number } | { readonly next: (now: number) => number }
  /** `one`: on one server instance at a time, possibly a different one for each run. */
  readonly instances: 'all' | 'one'
  readonly run: () => void | Promise<void>
}

/** The state of a task on this server instance. Instants are epoch ms. */
export interface TaskReport {
  readonly name: string
  readonly instances: BackgroundTask['instances']
  /** Undefined if it has not run here yet. */
  readonly lastRunAt?: number
  readonly lastDurationMs?: number
  /** The error of the last run; undefined if it succeeded. */
  readonly lastError?: string
  readonly failureCount: number
}

/** Longer than the longest expected run, so that no second instance starts in the meantime. */
const minLeaseMs = 60_000

/** How often due jobs are looked for. */
const jobSchedule = { everyMs: 1_000 }

/** All recurring work of a server instance, by name. */
export class BackgroundTasks {
  readonly #database: Database
  readonly #clock: Clock
  readonly #origin: string
  readonly #logger: Logger
  readonly #tracer: Tracer | undefined
  readonly #reports = new Map<string, TaskReport>()
  readonly #stops: (() => Promise<void>)[] = []
  /** By the name of the task. */
  readonly #workers = new Map<string, JobWorker>()
  readonly #working = new Map<string, Promise<void>>()

  /** @param origin identifies this server instance. */
  constructor(options: {
    database: Database
    clock: Clock
    origin: string
    logger: Logger
    tracer?: Tracer | undefined
  }) {
    this.#database = options.database
    this.#clock = options.clock
    this.#origin = options.origin
    this.#logger = options.logger
    this.#tracer = options.tracer
  }

  /** Starts running the task on its schedule. @throws Error when a task of this name exists already. */
  start(task: BackgroundTask): void {
    const { name, schedule, instances } = task
    this.#add(name, instances)
    const run = () => this.#run(task)
    const failed = (error: unknown) => this.failed(error)
    this.#stops.push(
      'everyMs' in schedule
        ? every(this.#clock, schedule.everyMs, run, failed)
        : everyAt(this.#clock, schedule.next, run, failed),
    )
  }

  /**
   * Starts running the jobs of a queue when they are due, as a task on all instances.
   * @throws Error when a task of this name exists already.
   */
  startJobs(name: string, worker: JobWorker): void {
    this.#add(name, 'all')
    this.#workers.set(name, worker)
    if (this.#workers.size > 1) return
    const stop = every(
      this.#clock,
      jobSchedule.everyMs,
      () => this.#runDueJobs(),
      (error) => this.failed(error),
    )
    this.#stops.push(async () => {
      await stop()
      await Promise.all(this.#working.values())
    })
  }

  #add(name: string, instances: BackgroundTask['instances']): void {
    if (this.#reports.has(name)) throw new Error(`there are two background tasks ${name}`)
    this.#reports.set(name, { name, instances, failureCount: 0 })
  }

  /** Does not wait for the jobs: a slow one delays none of another queue. */
  async #runDueJobs(): Promise<void> {
    const queues = [...this.#workers.values()].map(({ queue }) => queue)
    const due = findDueQueues(this.#database, queues, this.#clock.now())
    for (const [name, worker] of this.#workers) {
      if (this.#working.has(name)) continue
      const run = async () => {
        if ((await due).has(worker.queue.name)) await worker.runDue()
      }
      const running = this.#run({ name, schedule: jobSchedule, instances: 'all', run }).finally(() =>
        this.#working.delete(name),
      )
      this.#working.set(name, running)
    }
    await Promise.allSettled([due])
  }

  /** Reports a failure that no caller is waiting for. An unavailable database is expected to come back. */
  failed(error: unknown, task?: string): void {
    const of = task === undefined ? {} : { task }
    if (error instanceof DatabaseUnavailableError)
      this.#logger.warn(of, `a background task is waiting: ${error.message}`)
    else this.#logger.error({ ...of, err: error }, 'a background task failed')
  }

  /** In the order in which they were started. */
  reports(): readonly TaskReport[] {
    return [...this.#reports.values()]
  }

  /** Resolves when no task is running any more. */
  async stop(): Promise<void> {
    await Promise.all(this.#stops.splice(0).map((stop) => stop()))
    await releaseLeases(this.#database, this.#origin).catch((error: unknown) => this.failed(error))
  }

  async #run(task: BackgroundTask): Promise<void> {
    const { name, instances } = task
    const failureCount = this.#reports.get(name)?.failureCount ?? 0
    const lastRunAt = this.#clock.now()
    const begunAt = this.#clock.elapsed()
    const report = (failure: Pick<TaskReport, 'lastError' | 'failureCount'>) => {
      const lastDurationMs = this.#clock.elapsed() - begunAt
      this.#reports.set(name, { name, instances, lastRunAt, lastDurationMs, ...failure })
    }
    try {
      if (instances === 'one' && !(await this.#holdsLease(task))) return
      await withLogContext({ task: name }, () => this.#traced(name, () => task.run()))
      report({ failureCount })
    } catch (error) {
      report({ failureCount: failureCount + 1, lastError: error instanceof Error ? error.message : String(error) })
      this.failed(error, name)
    }
  }

  #traced(name: string, run: BackgroundTask['run']): void | Promise<void> {
    const tracer = this.#tracer
    if (tracer === undefined) return run()
    return inTrace(tracer, `task ${name}`, { 'stagewatch.task': name }, async () => run())
  }

  #holdsLease({ name, schedule }: BackgroundTask): Promise<boolean> {
    const forMs = Math.max(minLeaseMs, 'everyMs' in schedule ? 3 * schedule.everyMs : 0)
    return holdLease(this.#database, `task:${name}`, this.#origin, forMs)
  }
}
