import type { Database } from '@stagewatch/db/database.ts'
import { messages } from '@stagewatch/db/channels-schema.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { and, eq, sql } from 'drizzle-orm'
import type { MessageAttempt } from '@stagewatch/shared/contract/message-log.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { isWaitOver } from '../platform/jobs.ts'
import type { Job, JobOutcome, JobQueue } from '../platform/jobs.ts'
import { SealedSecretError } from '../platform/secret-box.ts'
import type { SecretKeys } from '../platform/secret-keys.ts'
import { attemptSending, loggedAttempt, providerIdOf } from './attempt-sending.ts'
import type { SendingContext } from './attempt-sending.ts'
import { blockChannel, claimBatch, isBeingSent, maxWaitMs, postponeJobs } from './claim-batch.ts'
import type { Claimed } from './claim-batch.ts'
import { loadChannel, recordChannelHealth } from './channels-table.ts'
import { messageQueue } from './enqueue-messages.ts'
import { pushSender } from './push/push-sender.ts'
import type { Sender } from './sender.ts'
import { senderOf } from './sender.ts'
import { fateOfFailure, settleMessages } from './settle-messages.ts'
import type { Fate } from './settle-messages.ts'

/** Delay before checking again on a message that another instance is sending. */
const lookAgainMs = 5_000

export interface MessageDelivery extends SendingContext {
  readonly database: Database
  readonly clock: Clock
  readonly secrets: SecretKeys
  /** URL under which people reach the server, without a trailing slash. */
  readonly publicUrl: () => string
}

export function messageJobs(delivery: MessageDelivery): JobQueue {
  // Longer than `sendingMs`, the lifetime of a claim.
  return {
    name: messageQueue,
    concurrency: 10,
    leaseMs: 30_000,
    longestDelayMs: maxWaitMs,
    run: (job) => deliver(job, delivery),
  }
}

/**
 * Sends a message, together with others that are pending for the same recipient, or makes sure that it is being sent.
 */
async function deliver(job: Job, delivery: MessageDelivery): Promise<JobOutcome> {
  const { database, clock, publicUrl } = delivery
  const { site, key: id } = job
  const message = await loadWaiting(database, site, id)
  if (message === undefined) return { kind: 'done' }
  const now = clock.now()
  if (message.isBeingSent) return { kind: 'retry', at: now + lookAgainMs, error: 'it is being sent' }
  if (message.nextAttemptAt !== null && !isWaitOver(message.nextAttemptAt, now, maxWaitMs)) {
    return { kind: 'retry', at: message.nextAttemptAt, error: 'it is not due yet' }
  }
  const { channelId, recipient } = message
  const found = await findSender(site, channelId, delivery)
  if ('unusable' in found) return giveUp(database, site, message, now, found.unusable)
  const { sender } = found
  const turn = await claimBatch(database, { site, channelId, recipient, sender, publicUrl: publicUrl(), now })
  if (turn.kind === 'idle') return { kind: 'retry', at: now + lookAgainMs, error: 'it is being sent' }
  if (turn.kind === 'wait') {
    await postponeJobs(database, { site, channelId, recipient }, turn.until)
    return { kind: 'retry', at: turn.until, error: 'the channel has reached its rate limit' }
  }
  const { batch, rendering } = turn
  const [first] = batch
  // A retry after a lost answer has the same id.
  const sending = { to: recipient, rendered: rendering, messages: batch.map((each) => each.message), id: first.id }
  const attempt = await attemptSending(sender, sending, now, delivery)
  const { verdict } = attempt
  const limit = verdict.kind === 'retry' && verdict.limited === true ? now + (verdict.afterS ?? 60) * 1_000 : undefined
  const settled = batch.map((claimed) => ({ claimed, fate: fateOf(claimed, verdict, now) }))
  // Stored separately from the outcome of this job, which is discarded if another job has settled its message
  // meanwhile.
  await database.transaction(async (tx) => {
    if (limit !== undefined) await blockChannel(tx, site, channelId, limit)
    const noted = loggedAttempt(attempt, now, batch.length, 'retried')
    await settleMessages(tx, site, settled, { attempt: noted, providerId: providerIdOf(verdict), now })
    await recordChannelHealth(tx, site, channelId, verdict.kind === 'refused' || verdict.kind === 'retry', now)
  })
  const own = settled.find(({ claimed }) => claimed.id === id)
  // Other messages went first: this one needs another turn.
  return own === undefined
    ? { kind: 'retry', at: now, error: 'other messages were sent first' }
    : outcomeOf(own.fate, noteOf(verdict))
}

function fateOf(claimed: Claimed, verdict: Parameters<typeof noteOf>[0], now: number): Fate {
  const { failureCount } = claimed
  switch (verdict.kind) {
    case 'accepted':
    case 'sent':
      return { state: verdict.kind, failureCount }
    case 'refused':
      return { state: 'refused', failureCount: failureCount + 1 }
    case 'retry':
      return fateOfFailure(claimed, now, verdict)
  }
}

function noteOf(verdict: Awaited<ReturnType<typeof attemptSending>>['verdict']): string {
  return 'reason' in verdict ? verdict.reason : ''
}

/** Matches what `settleMessages` does with the jobs of the other messages. */
function outcomeOf(fate: Fate, error: string): JobOutcome {
  if (fate.state === 'accepted' || fate.state === 'sent') return { kind: 'done' }
  return fate.nextAttemptAt === undefined ? { kind: 'dead', error } : { kind: 'retry', at: fate.nextAttemptAt, error }
}

/** Gives up because there is no usable channel; the recipient is reached by a fallback. */
async function giveUp(
  database: Database,
  site: string,
  claimed: Pick<Claimed, 'id' | 'claim' | 'failureCount'>,
  now: number,
  reason: string,
): Promise<JobOutcome> {
  const fate: Fate = { state: 'gave-up', failureCount: claimed.failureCount + 1 }
  const attempt: MessageAttempt = { at: now, result: 'gave-up', merged: 1, reason }
  await database.transaction((tx) => settleMessages(tx, site, [{ claimed, fate }], { attempt, now }))
  return outcomeOf(fate, reason)
}

async function findSender(
  site: string,
  channelId: string,
  { database, secrets }: MessageDelivery,
): Promise<{ readonly sender: Sender } | { readonly unusable: string }> {
  const stored = await loadChannel(database, site, channelId)
  if (stored === undefined && channelId !== 'push') return { unusable: 'the channel has been deleted' }
  if (stored?.enabled === false) return { unusable: 'the channel is switched off' }
  try {
    if (stored === undefined) return { sender: await pushSender(database, secrets) }
    return { sender: senderOf(site, stored, await secrets.box()) }
  } catch (error) {
    // The recipient is reached by a fallback. Once the key is back, messages that were given up can be sent again.
    if (error instanceof SealedSecretError || error instanceof AppError) return { unusable: error.message }
    throw error
  }
}

/** Undefined if it is settled or deleted. */
async function loadWaiting(database: Database, site: string, id: string) {
  const { channelId, recipient, claim, failureCount, nextAttemptAt, state } = messages
  const [row] = await drizzleOn(database)
    .select({
      id: messages.id,
      channelId,
      recipient,
      claim,
      failureCount,
      nextAttemptAt,
      state,
      isBeingSent: sql<boolean>`coalesce(${state} = 'sending' and ${isBeingSent()}, false)`,
    })
    .from(messages)
    .where(and(eq(messages.site, site), eq(messages.id, id)))
  if (row === undefined || !['queued', 'retried', 'sending'].includes(row.state)) return undefined
  return row
}
