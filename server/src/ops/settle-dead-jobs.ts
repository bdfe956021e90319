import type { Database, Queryable } from '@stagewatch/db/database.ts'
import type { Actor } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import { messageQueue } from '../channels/enqueue-messages.ts'
import { resendMessage } from '../channels/message-log.ts'
import type { Resending } from '../channels/message-log.ts'
import { deliveryQueue, repeatDelivery } from '../connections/deliveries-table.ts'
import { AppError } from '../platform/app-error.ts'
import { deleteJobs, lockDeadJobs, reviveJob } from '../platform/dead-jobs.ts'

interface Settling extends Resending {
  readonly database: Database
  readonly site: string
  readonly actor: Actor
}

type LockedJob = Awaited<ReturnType<typeof lockDeadJobs>>[number]

/** Runs the jobs again. @returns the number of those that were still dead. */
export function retryDeadJobs(ids: readonly number[], settling: Settling): Promise<number> {
  return settle(ids, 'jobs.retried', settling, async (tx, dead) => {
    for (const job of dead) await retry(tx, job, settling)
  })
}

/** Deletes the jobs: their work will never be done. @returns the number of those that were still dead. */
export function dismissDeadJobs(ids: readonly number[], settling: Settling): Promise<number> {
  return settle(ids, 'jobs.dismissed', settling, (tx, dead) =>
    deleteJobs(
      tx,
      dead.map(({ id }) => id),
    ),
  )
}

async function settle(
  ids: readonly number[],
  action: 'jobs.retried' | 'jobs.dismissed',
  { database, site, actor, now }: Settling,
  work: (tx: Queryable, dead: readonly LockedJob[]) => Promise<void>,
): Promise<number> {
  return database.transaction(async (tx) => {
    const dead = await lockDeadJobs(tx, site, ids)
    await work(tx, dead)
    for (const [queue, ofQueue] of Map.groupBy(dead, (job) => job.queue)) {
      const before = { ids: ofQueue.map(({ id }) => id) }
      await recordChange(tx, site, { changedAt: now, actor, action, subject: queue, before, after: undefined })
    }
    return dead.length
  })
}

/** Messages and deliveries have a state of their own, which has to change as well. */
async function retry(tx: Queryable, { id, queue, key }: LockedJob, { site, now, renewals }: Settling): Promise<void> {
  if (queue === deliveryQueue) return repeatDelivery(tx, site, key, now)
  if (queue !== messageQueue) return reviveJob(tx, id, now)
  try {
    await resendMessage(tx, site, key, { now, renewals })
  } catch (error) {
    // The message is still to be sent, or has been deleted, which the job finds out.
    if (!(error instanceof AppError)) throw error
    await reviveJob(tx, id, now)
  }
}
