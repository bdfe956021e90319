import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { jobs } from '@stagewatch/db/reactions-schema.ts'
import { databaseNow, epochMsOf, inMs, isBeyondLease } from '@stagewatch/db/sql-expressions.ts'
import { insertRows } from '@stagewatch/db/write-columns.ts'
import { and, count, eq, getTableColumns, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import type { SQL, SQLWrapper } from 'drizzle-orm'
import type { Clock } from './clock/clock.ts'
import { coalesce } from './coalesce.ts'
import { inChildSpan } from './tracing/active-span.ts'

/** Work that must be done at least once, even if the server stops first. */
export interface NewJob {
  readonly queue: string
  /** Unique within the queue: a job with an existing key is not added again. */
  readonly key: string
  readonly site: string
  /** Earliest time to run, epoch ms. */
  readonly runAt: number
}

export interface Job extends NewJob {
  readonly id: number
  /** Starts at 1. */
  readonly attempt: number
}

/** Result of an attempt; `effect` is stored in the same transaction. */
export type JobOutcome = (
  | { readonly kind: 'done' }
  /** Retried at that time, epoch ms. */
  | { readonly kind: 'retry'; readonly at: number; readonly error: string }
  /** Never retried; kept for a while for inspection. */
  | { readonly kind: 'dead'; readonly error: string }
) & { readonly effect?: (tx: Queryable) => Promise<void> }

export interface JobQueue {
  readonly name: string
  /** Maximum number of jobs that run at a time on each server instance. */
  readonly concurrency: number
  /** Time after which another instance may run the job again; longer than any attempt takes. */
  readonly leaseMs: number
  /**
   * The longest time for which a job of the queue waits, ms. One that would wait longer is due: it was stored while the
   * clock of a server was ahead. Undefined: its jobs wait for any time.
   */
  readonly longestDelayMs?: number
  /**
   * Whether this version knows the kind of work; by default all jobs of the queue are of one kind. During a rolling
   * upgrade, an instance of a newer version may add a kind that this one does not know, and leaves to it.
   */
  readonly knows?: (key: string) => boolean
  readonly run: (job: Job) => Promise<JobOutcome>
}

/** Numbers of pending and of dead jobs in a queue. */
export interface JobCounts {
  readonly queue: string
  readonly waiting: number
  readonly dead: number
}

const { leasedUntil: _leasedUntil, lastError: _lastError, deadAt: _deadAt, ...columns } = getTableColumns(jobs)

/** How far the clocks of two server instances may be apart. */
const toleratedMs = 60_000

/** Whether a wait until `at` is over at `now`, or would be longer than `longestMs`. Both instants are epoch ms. */
export function isWaitOver(at: number, now: number, longestMs: number): boolean {
  return at <= now || at > now + longestMs + toleratedMs
}

/**
 * Whether what is due at that time would wait for longer than `longestMs`. Not to be joined with `or` to what is due now:
 * each condition alone is a range of an index, both together read everything that waits.
 * @param longestMs NULL: there is no longest wait.
 */
export function waitsTooLong(runAt: SQLWrapper, now: number, longestMs: number | SQL): SQL {
  return sql`${runAt} > to_timestamp((${now + toleratedMs}::float8 + ${longestMs}::float8) / 1000.0)`
}

/** To be called in the transaction that makes the job necessary: both are stored, or neither. */
export async function addJobs(tx: Queryable, added: readonly NewJob[]): Promise<void> {
  if (added.length === 0) return
  const insert = insertRows(jobs, added, {
    queue: ({ queue }) => queue,
    key: ({ key }) => key,
    site: ({ site }) => site,
    runAt: ({ runAt }) => runAt,
  })
  await drizzleOn(tx).execute(sql`${insert} order by t.queue, t.key on conflict (queue, key) do nothing`)
}

/** A job that still throws in this attempt is given up; at one attempt per lease, that is hours after the first. */
export const maxAttempts = 1_000

/** Instances of the version that knows the kind of job look every second. */
const unknownRetryMs = 1_500

export async function countJobs(db: Queryable): Promise<JobCounts[]> {
  const waiting = sql`count(*) filter (where ${jobs.deadAt} is null)`.mapWith(Number)
  return drizzleOn(db)
    .select({ queue: jobs.queue, waiting, dead: count(jobs.deadAt) })
    .from(jobs)
    .groupBy(jobs.queue)
    .orderBy(jobs.queue)
}

/** The jobs of one site in a queue. */
interface SiteJobCounts extends JobCounts {
  /** When the oldest pending job is or was due, epoch ms. Undefined: none is pending. */
  readonly oldestRunAt?: number
}

/** The jobs of a site, by queue; queues without jobs are left out. */
export async function countSiteJobs(db: Queryable, site: string): Promise<SiteJobCounts[]> {
  const isPending = isNull(jobs.deadAt)
  const rows = await drizzleOn(db)
    .select({
      queue: jobs.queue,
      waiting: sql`count(*) filter (where ${isPending})`.mapWith(Number),
      dead: count(jobs.deadAt),
      oldestRunAt: sql<number | null>`${epochMsOf(sql`min(${jobs.runAt}) filter (where ${isPending})`)}`,
    })
    .from(jobs)
    .where(eq(jobs.site, site))
    .groupBy(jobs.queue)
    .orderBy(jobs.queue)
  return rows.map(({ oldestRunAt, ...row }) => ({ ...row, ...(oldestRunAt !== null && { oldestRunAt }) }))
}

/** Whether no living instance is working on a job that may be run. */
function isFree(leaseMs: number | SQL): SQL | undefined {
  const { deadAt, leasedUntil } = jobs
  return and(
    isNull(deadAt),
    or(isNull(leasedUntil), lte(leasedUntil, databaseNow), isBeyondLease(leasedUntil, leaseMs)),
  )
}

/**
 * Names of the queues with jobs to run now. One statement for all queues, because most of the time no job is due.
 * @param now epoch ms.
 */
export async function findDueQueues(
  db: Queryable,
  queues: readonly Pick<JobQueue, 'name' | 'leaseMs' | 'longestDelayMs'>[],
  now: number,
): Promise<ReadonlySet<string>> {
  const names = sql.param(queues.map(({ name }) => name))
  const leases = sql.param(queues.map(({ leaseMs }) => leaseMs))
  const delays = sql.param(queues.map(({ longestDelayMs = null }) => longestDelayMs))
  const isAsked = eq(jobs.queue, sql`asked.queue`)
  const isDue = and(isAsked, isFree(sql`asked.lease_ms`), lte(jobs.runAt, now))
  // The index gives the first and the last job of a queue, however many wait between them.
  const last = sql`(select max(${jobs.runAt}) from ${jobs} where ${and(isAsked, isNull(jobs.deadAt))})`
  const found = await drizzleOn(db).execute<{ queue: string }>(sql`
    select asked.queue
    from unnest(${names}::text[], ${leases}::float8[], ${delays}::float8[]) as asked (queue, lease_ms, longest_delay_ms)
    where exists (select from ${jobs} where ${isDue}) or ${waitsTooLong(last, now, sql`asked.longest_delay_ms`)}`)
  return new Set(found.map(({ queue }) => queue))
}

/**
 * Runs the jobs of one queue. A job belongs to the instance that claimed it until its lease expires. If that instance
 * dies, another one runs the job again, so a recipient may be notified twice, with the same key.
 */
export class JobWorker {
  readonly #database: Database
  readonly #clock: Clock
  readonly queue: JobQueue
  #closed = false

  constructor(database: Database, clock: Clock, queue: JobQueue) {
    this.#database = database
    this.#clock = clock
    this.queue = queue
  }

  /**
   * Runs every due job, and resolves when these and the jobs already running have finished.
   * @throws The error of the first job that failed, after all have been tried.
   */
  readonly runDue = coalesce(() => this.#runDue())

  async #runDue(): Promise<void> {
    const { concurrency } = this.queue
    let failure: { readonly reason: unknown } | undefined
    await this.#recall()
    while (!this.#closed) {
      const claimed = await this.#claim()
      const results = await Promise.allSettled(claimed.map((job) => this.#traced(job)))
      // A job that fails is retried when its lease expires; the others do not wait for it.
      failure ??= results.find((result) => result.status === 'rejected')
      if (claimed.length < concurrency) break
    }
    if (failure !== undefined) throw failure.reason
  }

  /** Starts no further jobs. */
  close(): void {
    this.#closed = true
  }

  /** Makes jobs due that were stored while the clock of a server was ahead. */
  async #recall(): Promise<void> {
    const { name, leaseMs, longestDelayMs } = this.queue
    if (longestDelayMs === undefined) return
    const now = this.#clock.now()
    await drizzleOn(this.#database)
      .update(jobs)
      .set({ runAt: now })
      .where(and(eq(jobs.queue, name), isFree(leaseMs), waitsTooLong(jobs.runAt, now, longestDelayMs)))
  }

  async #claim(): Promise<Job[]> {
    const { name, concurrency } = this.queue
    const on = drizzleOn(this.#database)
    const due = on
      .select({ id: jobs.id })
      .from(jobs)
      .where(and(eq(jobs.queue, name), isFree(this.queue.leaseMs), lte(jobs.runAt, this.#clock.now())))
      .orderBy(jobs.runAt, jobs.id)
      .limit(concurrency)
      .for('update', { skipLocked: true })
    return on
      .update(jobs)
      .set({ attempt: sql`${jobs.attempt} + 1`, leasedUntil: inMs(this.queue.leaseMs) })
      .where(inArray(jobs.id, due))
      .returning(columns)
  }

  #traced(job: Job): Promise<void> {
    const attributes = { 'stagewatch.queue': this.queue.name, 'stagewatch.attempt': job.attempt }
    return inChildSpan(`job ${this.queue.name}`, 'internal', attributes, () => this.#try(job))
  }

  async #try(job: Job): Promise<void> {
    try {
      if (this.queue.knows?.(job.key) === false) {
        const at = this.#clock.now() + unknownRetryMs
        await this.#settle(job, { kind: 'retry', at, error: 'this version does not know this kind of job' })
        return
      }
      await this.#settle(job, await this.queue.run(job))
    } catch (error) {
      if (job.attempt < maxAttempts || error instanceof DatabaseUnavailableError) throw error
      await this.#settle(job, { kind: 'dead', error: String(error) })
    }
  }

  async #settle(job: Job, outcome: JobOutcome): Promise<void> {
    await this.#database.transaction(async (tx) => {
      // If the lease has expired in the meantime, another instance has the job, and that instance's result is stored.
      const on = drizzleOn(tx)
      const isJob = eq(jobs.id, job.id)
      const isMine = and(isJob, eq(jobs.attempt, job.attempt))
      const mine = await on.select({ id: jobs.id }).from(jobs).where(isMine).for('update')
      if (mine.length === 0) return
      await outcome.effect?.(tx)
      if (outcome.kind === 'done') {
        await on.delete(jobs).where(isJob)
        return
      }
      const next = outcome.kind === 'dead' ? { deadAt: sql`now()` } : { runAt: outcome.at }
      await on
        .update(jobs)
        .set({ ...next, lastError: outcome.error, leasedUntil: null })
        .where(isJob)
    })
  }
}
