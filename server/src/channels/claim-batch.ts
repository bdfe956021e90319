import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { channelBudgets, isWaiting, messages } from '@stagewatch/db/channels-schema.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { jobs } from '@stagewatch/db/reactions-schema.ts'
import { anyOf, databaseNow, inMs, isBeyondLease } from '@stagewatch/db/sql-expressions.ts'
import { severities } from '@stagewatch/shared/contract/messages.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { and, asc, desc, eq, gt, inArray, isNull, lt, lte, not, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { addJobs, isWaitOver, waitsTooLong } from '../platform/jobs.ts'
import type { Budget } from './channel.ts'
import { messageQueue, newMessageId } from './enqueue-messages.ts'
import { renderMessages, withFittingOrders } from './render-message.ts'
import type { Rendering } from './render-message.ts'
import type { Sender } from './sender.ts'

/** Longer than an attempt takes, see `attemptMs`. */
const sendingMs = 25_000
/** Timeout of an attempt. */
export const attemptMs = 10_000
/** The longest time for which a message, or its channel, waits before the next attempt. */
export const maxWaitMs = 60 * 60_000
/** Maximum number of messages considered for one sending. */
const maxBatch = 200
/** Up to this many messages are sent individually if the budget allows it, because each has its own link. */
const maxSingles = 3
const critical = severities.indexOf('critical')

/** A claimed message, with the number of its claim. */
export interface Claimed {
  readonly id: string
  readonly claim: number
  readonly message: ChannelMessage
  readonly failureCount: number
  readonly queuedAt: number
}

export type Turn =
  /** Send these messages as one. */
  | { readonly kind: 'send'; readonly batch: readonly [Claimed, ...Claimed[]]; readonly rendering: Rendering }
  /** Nothing may be sent before this time, epoch ms. */
  | { readonly kind: 'wait'; readonly until: number }
  /** Nothing is pending for this recipient. */
  | { readonly kind: 'idle' }

export interface TurnOptions {
  readonly site: string
  readonly channelId: string
  readonly recipient: string
  readonly sender: Sender
  readonly publicUrl: string
  readonly now: number
}

/**
 * Claims the pending messages of a channel to one recipient, most urgent first. Claims of a channel are serialized
 * across server instances: each one sees what earlier ones have claimed and used of the budget.
 */
export function claimBatch(database: Database, options: TurnOptions): Promise<Turn> {
  const { site, channelId, sender, now } = options
  return database.transaction(async (tx): Promise<Turn> => {
    const use = await lockBudget(tx, site, channelId)
    if (use.blockedUntil !== null && !isWaitOver(use.blockedUntil, now, maxWaitMs))
      return { kind: 'wait', until: use.blockedUntil }
    const [first] = await selectWaiting(tx, options).limit(1)
    if (first === undefined) return { kind: 'idle' }
    const { budget } = sender
    const { room, freeAt } = roomIn(budget, use.usedAt, now, first.priority === critical)
    if (room <= 0) return { kind: 'wait', until: freeAt }
    const waiting = await selectWaiting(tx, options).limit(maxBatch).for('update')
    const [most, ...rest] = waiting
    if (most === undefined) return { kind: 'idle' }
    const head = sender.continues === true ? await continueLater(tx, most, options) : most
    const { rendering, count } = choose([head, ...rest], room, options)
    const others = rest.slice(0, count - 1)
    const claimed = (each: Claimed): Claimed => ({ ...each, claim: each.claim + 1 })
    const batch: [Claimed, ...Claimed[]] = [claimed(head), ...others.map(claimed)]
    await drizzleOn(tx)
      .update(messages)
      .set({ state: 'sending', claim: sql`${messages.claim} + 1`, sendingUntil: inMs(sendingMs), nextAttemptAt: null })
      .where(
        and(
          eq(messages.site, site),
          anyOf(
            messages.id,
            batch.map(({ id }) => id),
          ),
        ),
      )
    if (budget !== undefined) await noteUse(tx, site, channelId, usedWithin(budget, [...use.usedAt, now], now))
    return { kind: 'send', batch, rendering }
  })
}

/**
 * The number of sendings that the budget allows, and when it will allow one. A sending claimed now may arrive until its
 * attempt ends: looking back by that much more keeps the provider from counting more in any of its periods, wherever
 * these begin.
 */
function roomIn(
  budget: Budget | undefined,
  usedAt: readonly number[],
  now: number,
  isCritical: boolean,
): { readonly room: number; readonly freeAt: number } {
  if (budget === undefined) return { room: Number.POSITIVE_INFINITY, freeAt: now }
  const most = isCritical ? budget.count : budget.count - budget.reserved
  const used = usedWithin(budget, usedAt, now)
  const room = most - used.length
  // The time at which enough uses have expired to allow one more.
  const freeing = used[Math.max(used.length - most, 0)]
  return { room, freeAt: room > 0 || freeing === undefined ? now : freeing + budget.perMs + attemptMs }
}

function usedWithin({ perMs }: Budget, usedAt: readonly number[], now: number): number[] {
  // Uses in the future were recorded before the clock was set back, and would count forever.
  return usedAt.filter((at) => at > now - perMs - attemptMs && at <= now + attemptMs)
}

function choose(waiting: readonly Waiting[], room: number, { sender, publicUrl }: TurnOptions) {
  const [first] = waiting
  if (first === undefined) throw new Error('there is no pending message')
  const isFew = waiting.length <= Math.min(maxSingles, room)
  // A merged message has one language, and contains only the first of the pending messages.
  const { language, isForCustomer } = first.message
  const other = waiting.findIndex(
    ({ message }) => message.language !== language || message.isForCustomer !== isForCustomer,
  )
  const candidates =
    sender.merges && !isFew && isForCustomer !== true ? waiting.slice(0, other === -1 ? undefined : other) : [first]
  const [head, ...others] = candidates.map(({ message }) => message)
  if (head === undefined) throw new Error('there is no pending message')
  return renderMessages([head, ...others], { dialect: sender.dialect, limit: sender.limit, publicUrl })
}

/**
 * Shortens a message with more orders than fit, and stores the others as a message of its own, which is sent next.
 * @returns the shortened message.
 */
async function continueLater(tx: Queryable, waiting: Waiting, options: TurnOptions): Promise<Waiting> {
  const { site, sender, publicUrl, now } = options
  const { orders, dedupeKey } = waiting.message
  const message = withFittingOrders(waiting.message, { dialect: sender.dialect, limit: sender.limit, publicUrl })
  if (message === waiting.message) return waiting
  const isIt = and(eq(messages.site, site), eq(messages.id, waiting.id))
  const on = drizzleOn(tx)
  const [row] = await on.select().from(messages).where(isIt)
  if (row === undefined) return waiting
  const named = message.orders.length
  const rest: ChannelMessage = { ...message, orders: orders.slice(named), dedupeKey: `${dedupeKey}+${named}` }
  const id = newMessageId()
  const fresh = { state: 'queued', claim: 0, failureCount: 0, attempts: [], sendingUntil: null } as const
  await on
    .insert(messages)
    .values({ ...row, ...fresh, id, message: rest, dedupeKey: rest.dedupeKey, nextAttemptAt: row.nextAttemptAt ?? now })
  await on.update(messages).set({ message }).where(isIt)
  await addJobs(tx, [{ queue: messageQueue, key: id, site, runAt: now }])
  return { ...waiting, message }
}

/** Whether the instance that has claimed the message may still be sending it. */
export function isBeingSent(): SQL {
  const { sendingUntil } = messages
  return sql`(${sendingUntil} > ${databaseNow} and not ${isBeyondLease(sendingUntil, sendingMs)})`
}

interface Waiting extends Claimed {
  readonly priority: number
}

/**
 * The due messages that have waited longest, and those whose sender has died, most urgent first. Each priority is searched
 * by its own range of the index, because messages that wait for later may be any number, before and between the due ones.
 */
function selectWaiting(tx: Queryable, { site, channelId, recipient, now }: TurnOptions) {
  const { id, claim, message, failureCount, queuedAt, priority, createdAt, nextAttemptAt, state } = messages
  const isPending = inArray(state, ['queued', 'retried'])
  const isDue = and(isPending, lte(nextAttemptAt, now))
  // A clock that was ahead has set it.
  const isStuck = and(isPending, waitsTooLong(nextAttemptAt, now, maxWaitMs))
  // The sender has died.
  const isLost = and(eq(state, 'sending'), isNull(nextAttemptAt), not(isBeingSent()))
  const first = (is: SQL | undefined, order: SQL): SQL => sql`(
    select ${id} from ${messages}
    where ${eq(messages.site, site)} and ${eq(messages.channelId, channelId)} and ${eq(messages.recipient, recipient)}
      and ${priority} = of.priority and ${isWaiting} and ${is}
    order by ${order} limit ${maxBatch}
  )`
  const found = sql`
    select found.id from unnest(${sql.param(severities.map((_, i) => i))}::int[]) as of (priority)
    cross join lateral (
      ${first(isDue, asc(nextAttemptAt))} union all ${first(isStuck, desc(nextAttemptAt))}
      union all ${first(isLost, asc(nextAttemptAt))}
    ) as found (id)`
  return drizzleOn(tx)
    .select({ id, claim, message, failureCount, queuedAt, priority })
    .from(messages)
    .where(and(eq(messages.site, site), sql`${id} in (${found})`, or(isDue, isStuck, isLost)))
    .orderBy(asc(priority), asc(createdAt), asc(id))
}

/** Postpones the jobs of pending messages to the recipient: nothing can be done for any of them before `until`. */
export async function postponeJobs(
  tx: Queryable,
  { site, channelId, recipient }: Pick<TurnOptions, 'site' | 'channelId' | 'recipient'>,
  until: number,
): Promise<void> {
  const on = drizzleOn(tx)
  const waiting = on
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        eq(messages.site, site),
        eq(messages.channelId, channelId),
        eq(messages.recipient, recipient),
        inArray(messages.state, ['queued', 'retried']),
        isWaiting,
        // Critical messages may be sent earlier.
        gt(messages.priority, critical),
        // The jobs of the others are for later anyway.
        lte(messages.nextAttemptAt, until),
      ),
    )
  await on
    .update(jobs)
    .set({ runAt: until })
    .where(
      and(eq(jobs.queue, messageQueue), inArray(jobs.key, waiting), lt(jobs.runAt, until), isNull(jobs.leasedUntil)),
    )
}

async function lockBudget(tx: Queryable, site: string, channelId: string) {
  const on = drizzleOn(tx)
  await on.insert(channelBudgets).values({ site, channelId }).onConflictDoNothing()
  const { usedAt, blockedUntil } = channelBudgets
  const [row] = await on
    .select({ usedAt, blockedUntil })
    .from(channelBudgets)
    .where(isBudget(site, channelId))
    .for('update')
  if (row === undefined) throw new Error(`the budget of ${channelId} is gone`)
  return row
}

async function noteUse(tx: Queryable, site: string, channelId: string, usedAt: readonly number[]): Promise<void> {
  await drizzleOn(tx).update(channelBudgets).set({ usedAt }).where(isBudget(site, channelId))
}

/** Records that the provider accepts nothing before `until`. */
export async function blockChannel(tx: Queryable, site: string, channelId: string, until: number): Promise<void> {
  await drizzleOn(tx).update(channelBudgets).set({ blockedUntil: until }).where(isBudget(site, channelId))
}

function isBudget(site: string, channelId: string) {
  return and(eq(channelBudgets.site, site), eq(channelBudgets.channelId, channelId))
}
