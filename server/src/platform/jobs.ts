import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { jobs } from '@stagewatch/db/reactions-schema.ts'
import { databaseNow, inMs } from '@stagewatch/db/sql-expressions.ts'
import { insertRows } from '@stagewatch/db/write-columns.ts'
import { and, count, eq, getTableColumns, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm'
import type { Clock } from './clock/clock.ts'
import { coalesce } from './coalesce.ts'

/** Work that has to be done at least once, even if the server ends before it is. */
export interface NewJob {
  readonly queue: string
  /** Within the queue: what is there already is not added again. */
  readonly key: string
  readonly site: string
  /** Not before, epoch ms. */
  readonly runAt: number
}

export interface Job extends NewJob {
  readonly id: number
  /** 1 for the first. */
  readonly attempt: number
}

/** How an attempt ended; `effect` is stored in the same transaction as that. */
export type JobOutcome = (
  | { readonly kind: 'done' }
  /** Tried again then, epoch ms. */
  | { readonly kind: 'retry'; readonly at: number; readonly error: string }
  /** Never tried again; kept for a while so that somebody can see it. */
  | { readonly kind: 'dead'; readonly error: string }
) & { readonly effect?: (tx: Queryable) => Promise<void> }

export interface JobQueue {
  readonly name: string
  /** So many run at a time on each server instance. */
  readonly concurrency: number
  /** An attempt may run again on another instance after this; longer than any attempt takes. */
  readonly leaseMs: number
  readonly run: (job: Job) => Promise<JobOutcome>
}

/** What waits in a queue, and what was given up. */
export interface JobCounts {
  readonly queue: string
  readonly waiting: number
  readonly dead: number
}

const { leasedUntil: _leasedUntil, lastError: _lastError, deadAt: _deadAt, ...columns } = getTableColumns(jobs)

/** Belongs into the transaction of what makes the job necessary: both are stored, or neither. */
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

/** How long it can be seen what was given up. */
const deadKeptDays = 30

export async function deleteDeadJobs(db: Queryable): Promise<void> {
  await drizzleOn(db)
    .delete(jobs)
    .where(lt(jobs.deadAt, sql`now() - make_interval(days => ${deadKeptDays})`))
}

export async function countJobs(db: Queryable): Promise<JobCounts[]> {
  const waiting = sql`count(*) filter (where ${jobs.deadAt} is null)`.mapWith(Number)
  return drizzleOn(db)
    .select({ queue: jobs.queue, waiting, dead: count(jobs.deadAt) })
    .from(jobs)
    .groupBy(jobs.queue)
    .orderBy(jobs.queue)
}

/**
 * Carries out the jobs of one queue. A job belongs to the instance that has claimed it until its lease runs out; if that
 * instance dies, another one tries it again, so that whoever is told may be told twice, by the same key.
 */
export class JobWorker {
  readonly #database: Database
  readonly #clock: Clock
  readonly #queue: JobQueue
  #closed = false

  constructor(database: Database, clock: Clock, queue: JobQueue) {
    this.#database = database
    this.#clock = clock
    this.#queue = queue
  }

  /** Tries every job that is due, and resolves when those are done that were under way. */
  readonly runDue = coalesce(() => this.#runDue())

  async #runDue(): Promise<void> {
    const { concurrency } = this.#queue
    while (!this.#closed) {
      const claimed = await this.#claim()
      const results = await Promise.allSettled(claimed.map((job) => this.#try(job)))
      const failed = results.find((result) => result.status === 'rejected')
      // The lease of the job runs out, and it is tried again.
      if (failed !== undefined) throw failed.reason
      if (claimed.length < concurrency) return
    }
  }

  /** Begins no further jobs. */
  close(): void {
    this.#closed = true
  }

  async #claim(): Promise<Job[]> {
    const { name, concurrency, leaseMs } = this.#queue
    const on = drizzleOn(this.#database)
    const isFree = or(isNull(jobs.leasedUntil), lte(jobs.leasedUntil, databaseNow))
    const due = on
      .select({ id: jobs.id })
      .from(jobs)
      .where(and(eq(jobs.queue, name), isNull(jobs.deadAt), lte(jobs.runAt, this.#clock.now()), isFree))
      .orderBy(jobs.runAt, jobs.id)
      .limit(concurrency)
      .for('update', { skipLocked: true })
    return on
      .update(jobs)
      .set({ attempt: sql`${jobs.attempt} + 1`, leasedUntil: inMs(leaseMs) })
      .where(inArray(jobs.id, due))
      .returning(columns)
  }

  async #try(job: Job): Promise<void> {
    const outcome = await this.#queue.run(job)
    await this.#database.transaction(async (tx) => {
      // Another instance has it when the lease has run out meanwhile: what that one finds is stored.
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
