import type { Queryable } from '@stagewatch/db/database.ts'
import { channels, messages } from '@stagewatch/db/channels-schema.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { jobs } from '@stagewatch/db/reactions-schema.ts'
import type { LoggedMessage, MessagesQuery } from '@stagewatch/shared/contract/message-log.ts'
import { maskedName } from '@stagewatch/shared/domain/access/masked-name.ts'
import { and, desc, eq, sql } from 'drizzle-orm'
import { AppError } from '../platform/app-error.ts'
import { addJobs } from '../platform/jobs.ts'
import { messageQueue } from './enqueue-messages.ts'
import { withRenewedLink } from './link-tokens.ts'
import type { LinkRenewals } from './link-tokens.ts'
import { hasFailed } from './settle-messages.ts'

/** Messages, newest first. */
export async function loadMessages(
  db: Queryable,
  site: string,
  { state, channel, order, cursor, limit }: MessagesQuery,
): Promise<LoggedMessage[]> {
  const { createdAt, id } = messages
  const older = sql`(${createdAt}, ${id}) < (
    select b.created_at, b.id from ${messages} b where b.site = ${site} and b.id = ${cursor})`
  const named = sql`${messages.message}->'orders' @> ${JSON.stringify([order])}::jsonb`
  const rows = await drizzleOn(db)
    .select({
      id,
      channelId: messages.channelId,
      channelName: channels.name,
      recipient: messages.recipient,
      state: messages.state,
      message: messages.message,
      createdAt,
      nextAttemptAt: messages.nextAttemptAt,
      attempts: messages.attempts,
      providerId: messages.providerId,
      fallbackOf: messages.fallbackOf,
    })
    .from(messages)
    .leftJoin(channels, and(eq(channels.site, messages.site), eq(channels.id, messages.channelId)))
    .where(
      and(
        eq(messages.site, site),
        state === undefined ? undefined : eq(messages.state, state),
        channel === undefined ? undefined : eq(messages.channelId, channel),
        order === undefined ? undefined : named,
        cursor === undefined ? undefined : older,
      ),
    )
    .orderBy(desc(createdAt), desc(id))
    .limit(limit)
  return rows.map(({ message, channelName, nextAttemptAt, providerId, fallbackOf, attempts, ...row }) => ({
    ...row,
    ...(message.isForCustomer === true && { recipient: maskedAddress(row.recipient) }),
    severity: message.severity,
    title: message.title,
    orders: message.orders,
    attempts: [...attempts],
    ...(channelName !== null && { channelName }),
    ...(nextAttemptAt !== null && { nextAttemptAt }),
    ...(providerId !== null && { providerId }),
    ...(fallbackOf !== null && { fallbackOf }),
  }))
}

/** The delivery log is about deliveries; who the customers are is shown with their orders, as far as the site allows. */
function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@')
  return `${maskedName(address.slice(0, at))}${address.slice(at)}`
}

export interface Resending {
  readonly now: number
  readonly renewals: LinkRenewals
}

/** Retries a message that was refused or given up. @throws AppError `not_found`, `conflict` when it is being sent. */
export async function resendMessage(
  tx: Queryable,
  site: string,
  id: string,
  { now, renewals }: Resending,
): Promise<void> {
  const on = drizzleOn(tx)
  const isMessage = and(eq(messages.site, site), eq(messages.id, id))
  const [row] = await on
    .select({ state: messages.state, message: messages.message })
    .from(messages)
    .where(isMessage)
    .for('update')
  if (row === undefined) throw new AppError('not_found', 'there is no such message', { field: 'id' })
  if (!hasFailed(row.state)) {
    throw new AppError('conflict', 'only messages that were refused or given up can be sent again', { field: 'id' })
  }
  const message = await withRenewedLink(tx, { site, id, message: row.message, now }, renewals)
  await on
    .update(messages)
    .set({ state: 'queued', message, queuedAt: now, nextAttemptAt: now, failureCount: 0 })
    .where(isMessage)
  await on.delete(jobs).where(and(eq(jobs.queue, messageQueue), eq(jobs.key, id)))
  await addJobs(tx, [{ queue: messageQueue, key: id, site, runAt: now }])
}

/** How long messages are kept. */
const keptDays = 90
const maxMessages = 100_000

export async function deleteOldMessages(db: Queryable): Promise<void> {
  await drizzleOn(db).execute(sql`
    delete from ${messages} m using (
      select site, id, row_number() over (partition by site order by created_at desc, id desc) as place
      from ${messages}) as ranked
    where m.site = ranked.site and m.id = ranked.id and m.state not in ('queued', 'sending', 'retried')
      and (ranked.place > ${maxMessages} or m.created_at < now() - make_interval(days => ${keptDays}))`)
}
