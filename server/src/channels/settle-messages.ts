import type { Queryable } from '@stagewatch/db/database.ts'
import { messages } from '@stagewatch/db/channels-schema.ts'
import type { MessageRoute } from '@stagewatch/db/channels-schema.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { jobs } from '@stagewatch/db/reactions-schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import type { MessageAttempt, MessageState } from '@stagewatch/shared/contract/message-log.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Verdict } from './channel.ts'
import { maxWaitMs } from './claim-batch.ts'
import type { Claimed } from './claim-batch.ts'
import { enqueueMessages, messageQueue } from './enqueue-messages.ts'
import { withoutToken } from './link-tokens.ts'

const minuteMs = 60_000
/** Delay after each failure before the next attempt. */
const retryAfterMs = [5_000, 30_000, 2 * minuteMs, 10 * minuteMs, 30 * minuteMs]
/** After this time in the queue a message is given up, and the recipient is reached by a fallback. */
const maxAgeMs = 24 * 60 * minuteMs

/** The state of a message after an attempt. */
export interface Fate {
  readonly state: Exclude<MessageState, 'queued' | 'sending'>
  /** Only for `retried`. */
  readonly nextAttemptAt?: number
  readonly failureCount: number
}

/** Maximum number of failures where nobody knows whether another attempt is of use: a fallback reaches the recipient. */
const maxUncertain = 3

/** @param limited the provider accepts nothing at present, which does not count as a failure of the message. */
export function fateOfFailure(
  { failureCount, queuedAt }: Pick<Claimed, 'failureCount' | 'queuedAt'>,
  now: number,
  { afterS, limited = false, isUncertain = false }: Omit<Extract<Verdict, { kind: 'retry' }>, 'kind' | 'reason'>,
): Fate {
  const failures = limited ? failureCount : failureCount + 1
  const usualMs = limited ? minuteMs : retryAfterMs[failures - 1]
  const hasEnded = usualMs === undefined || (isUncertain && failures >= maxUncertain)
  if (hasEnded || now - queuedAt > maxAgeMs) return { state: 'gave-up', failureCount: failures }
  const waitMs = Math.min(Math.max(usualMs, (afterS ?? 0) * 1_000), maxWaitMs)
  return { state: 'retried', nextAttemptAt: now + waitMs, failureCount: failures }
}

/** Maximum number of attempts kept per message; the newest ones are kept. */
const maxAttempts = 20

/**
 * Stores the outcome of claimed messages, and updates their jobs. Messages that have been claimed again since are
 * skipped. A message that is not tried again loses the token in its link; a fallback still has it.
 */
export async function settleMessages(
  tx: Queryable,
  site: string,
  settled: readonly { readonly claimed: Pick<Claimed, 'id' | 'claim'>; readonly fate: Fate }[],
  {
    attempt,
    providerId,
    now,
  }: { readonly attempt: MessageAttempt; readonly providerId?: string | undefined; readonly now: number },
): Promise<void> {
  const on = drizzleOn(tx)
  const ids = settled.map(({ claimed }) => claimed.id)
  const rows = await on
    .select({
      id: messages.id,
      claim: messages.claim,
      attempts: messages.attempts,
      fallbacks: messages.fallbacks,
      message: messages.message,
    })
    .from(messages)
    .where(and(eq(messages.site, site), anyOf(messages.id, ids)))
    .orderBy(messages.id)
    .for('update')
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const { claimed, fate } of settled) {
    const row = byId.get(claimed.id)
    if (row === undefined || row.claim !== claimed.claim) continue
    const noted = { ...attempt, result: fate.state }
    await on
      .update(messages)
      .set({
        state: fate.state,
        failureCount: fate.failureCount,
        nextAttemptAt: fate.nextAttemptAt ?? null,
        sendingUntil: null,
        attempts: [...row.attempts, noted].slice(-maxAttempts),
        ...(fate.state !== 'retried' && { message: withoutToken(row.message) }),
        ...(providerId !== undefined && { providerId }),
      })
      .where(and(eq(messages.site, site), eq(messages.id, claimed.id)))
    if (hasFailed(fate.state)) await fallBack(tx, site, row, now)
  }
  await moveJobs(
    tx,
    settled.map(({ claimed, fate }) => ({ id: claimed.id, fate })),
    attempt.reason ?? '',
  )
}

export function hasFailed(state: MessageState): boolean {
  return state === 'refused' || state === 'gave-up'
}

/** Enqueues the message for the next route to the recipient, if there is one. */
async function fallBack(
  tx: Queryable,
  site: string,
  {
    id,
    fallbacks: [next, ...others],
    message,
  }: { readonly id: string; readonly fallbacks: readonly MessageRoute[]; readonly message: ChannelMessage },
  now: number,
): Promise<void> {
  if (next !== undefined) await enqueueMessages(tx, site, [{ routes: [next, ...others], message, fallbackOf: id }], now)
}

/** Updates the jobs of messages that were sent together. */
async function moveJobs(
  tx: Queryable,
  moved: readonly { readonly id: string; readonly fate: Fate }[],
  reason: string,
): Promise<void> {
  const on = drizzleOn(tx)
  const ofMessages = (ids: readonly string[]) => and(eq(jobs.queue, messageQueue), inArray(jobs.key, [...ids]))
  const done = moved.filter(({ fate }) => fate.state === 'accepted' || fate.state === 'sent').map(({ id }) => id)
  const dead = moved.filter(({ fate }) => hasFailed(fate.state)).map(({ id }) => id)
  if (done.length > 0) await on.delete(jobs).where(ofMessages(done))
  if (dead.length > 0)
    await on
      .update(jobs)
      .set({ deadAt: sql`now()`, lastError: reason })
      .where(ofMessages(dead))
  const later = moved.filter(({ fate }) => fate.nextAttemptAt !== undefined)
  const [first] = later
  if (first?.fate.nextAttemptAt === undefined) return
  // Messages of one batch may have different numbers of failures: all of them are checked at the earliest time.
  const runAt = Math.min(...later.map(({ fate }) => fate.nextAttemptAt ?? Number.POSITIVE_INFINITY))
  await on
    .update(jobs)
    .set({ runAt, lastError: reason })
    .where(ofMessages(later.map(({ id }) => id)))
}
