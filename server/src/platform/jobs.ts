import { epochMs, toInstant } from '@stagewatch/db/database.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
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

/** Belongs into the transaction of what makes the job necessary: both are stored, or neither. */
export async function addJobs(tx: Queryable, jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length === 0) return
  await tx.query(
    `insert into jobs (queue, key, site, run_at)
     select queue, key, site, ${toInstant('run_ms')}
     from unnest($1::text[], $2::text[], $3::text[], $4::float8[]) as t(queue, key, site, run_ms)
     order by queue, key on conflict (queue, key) do nothing`,
    [
      jobs.map(({ queue }) => queue),
      jobs.map(({ key }) => key),
      jobs.map(({ site }) => site),
      jobs.map(({ runAt }) => runAt),
    ],
  )
}

/** How long it can be seen what was given up. */
const deadKeptDays = 30

export async function deleteDeadJobs(db: Queryable): Promise<void> {
  await db.query(`delete from jobs where dead_at < now() - interval '${deadKeptDays} days'`)
}

export async function countJobs(db: Queryable): Promise<JobCounts[]> {
  return db.query<JobCounts>(
    `select queue, count(*) filter (where dead_at is null)::float8 as waiting,
       count(*) filter (where dead_at is not null)::float8 as dead
     from jobs group by queue order by queue`,
  )
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
      const jobs = await this.#claim()
      const results = await Promise.allSettled(jobs.map((job) => this.#try(job)))
      const failed = results.find((result) => result.status === 'rejected')
      // The lease of the job runs out, and it is tried again.
      if (failed !== undefined) throw failed.reason
      if (jobs.length < concurrency) return
    }
  }

  /** Begins no further jobs. */
  close(): void {
    this.#closed = true
  }

  #claim(): Promise<Job[]> {
    const { name, concurrency, leaseMs } = this.#queue
    return this.#database.query<Job>(
      `update jobs set attempt = attempt + 1, leased_until = clock_timestamp() + $4::float8 * interval '1 ms'
       where id in (
         select id from jobs
         where queue = $1 and dead_at is null and run_at <= ${toInstant('$2::float8')}
           and (leased_until is null or leased_until <= clock_timestamp())
         order by run_at, id limit $3 for update skip locked)
       returning id::float8 as id, queue, key, site, ${epochMs('run_at')} as "runAt", attempt`,
      [name, this.#clock.now(), concurrency, leaseMs],
    )
  }

  async #try(job: Job): Promise<void> {
    const outcome = await this.#queue.run(job)
    await this.#database.transaction(async (tx) => {
      // Another instance has it when the lease has run out meanwhile: what that one finds is stored.
      const mine = await tx.query('select from jobs where id = $1 and attempt = $2 for update', [job.id, job.attempt])
      if (mine.length === 0) return
      await outcome.effect?.(tx)
      if (outcome.kind === 'done') await tx.query('delete from jobs where id = $1', [job.id])
      else if (outcome.kind === 'dead') {
        await tx.query('update jobs set dead_at = now(), last_error = $2, leased_until = null where id = $1', [
          job.id,
          outcome.error,
        ])
      } else {
        await tx.query(
          `update jobs set run_at = ${toInstant('$2::float8')}, last_error = $3, leased_until = null where id = $1`,
          [job.id, outcome.at, outcome.error],
        )
      }
    })
  }
}
