import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { jobs } from '@stagewatch/db/reactions-schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { and, count, desc, eq, isNotNull, lt, sql } from 'drizzle-orm'
import { maxAttempts } from './jobs.ts'

/** How long dead jobs are kept for inspection. */
const deadKeptDays = 30

export async function deleteDeadJobs(db: Queryable): Promise<void> {
  await drizzleOn(db)
    .delete(jobs)
    .where(lt(jobs.deadAt, sql`now() - make_interval(days => ${deadKeptDays})`))
}

/** A job that was given up. */
export interface GivenUpJob {
  readonly id: number
  readonly queue: string
  /** Epoch ms. */
  readonly diedAt: number
  readonly attempts: number
  /** Undefined: its work threw again and again. The message of such an error is not meant for people. */
  readonly error?: string
}

/** The dead jobs of a site, newest first, and the number of all. */
export async function loadDeadJobs(
  db: Queryable,
  site: string,
  limit: number,
): Promise<{ readonly jobs: GivenUpJob[]; readonly total: number }> {
  const on = drizzleOn(db)
  const isDead = and(eq(jobs.site, site), isNotNull(jobs.deadAt))
  const { id, queue, deadAt, attempt, lastError } = jobs
  const rows = await on
    .select({ id, queue, deadAt, attempt, lastError })
    .from(jobs)
    .where(isDead)
    .orderBy(desc(deadAt), desc(id))
    .limit(limit)
  const [all] = await on.select({ total: count() }).from(jobs).where(isDead)
  return {
    jobs: rows.map((row) => ({
      id: row.id,
      queue: row.queue,
      diedAt: row.deadAt ?? 0,
      attempts: row.attempt,
      ...(row.lastError !== null && row.attempt < maxAttempts && { error: row.lastError }),
    })),
    total: all?.total ?? 0,
  }
}

/** Those of the jobs that are dead and belong to the site, until the end of the transaction. */
export async function lockDeadJobs(
  tx: Queryable,
  site: string,
  ids: readonly number[],
): Promise<{ readonly id: number; readonly queue: string; readonly key: string }[]> {
  return drizzleOn(tx)
    .select({ id: jobs.id, queue: jobs.queue, key: jobs.key })
    .from(jobs)
    .where(and(eq(jobs.site, site), isNotNull(jobs.deadAt), anyOf(jobs.id, ids)))
    .orderBy(jobs.id)
    .for('update')
}

/** Lets a job be run again as if it were new. */
export async function reviveJob(tx: Queryable, id: number, runAt: number): Promise<void> {
  await drizzleOn(tx)
    .update(jobs)
    .set({ deadAt: null, lastError: null, leasedUntil: null, attempt: 0, runAt })
    .where(eq(jobs.id, id))
}

export async function deleteJobs(tx: Queryable, ids: readonly number[]): Promise<void> {
  await drizzleOn(tx).delete(jobs).where(anyOf(jobs.id, ids))
}
