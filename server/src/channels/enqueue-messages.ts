import { randomBytes } from 'node:crypto'
import type { Queryable } from '@stagewatch/db/database.ts'
import { messages } from '@stagewatch/db/channels-schema.ts'
import type { MessageRoute } from '@stagewatch/db/channels-schema.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { insertRows } from '@stagewatch/db/write-columns.ts'
import { channelMessage, severities } from '@stagewatch/shared/contract/messages.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { sql } from 'drizzle-orm'
import { addJobs } from '../platform/jobs.ts'
import { announceChange } from '../platform/site-changes.ts'

export const messageQueue = 'messages'

/** A message to be sent to somebody. */
export interface NewMessage {
  /** Routes to the recipient, best first: the next one is used when one has failed permanently. */
  readonly routes: readonly [MessageRoute, ...MessageRoute[]]
  readonly message: ChannelMessage
  readonly fallbackOf?: string | undefined
}

export function newMessageId(): string {
  return `msg_${randomBytes(15).toString('base64url')}`
}

/**
 * Stores messages and the jobs that send them; to be called in the transaction that causes them. A message whose key
 * was already used for the recipient on that channel is not stored again. Messages for the message centre are delivered
 * at once.
 * @returns the ids of the new messages.
 */
export async function enqueueMessages(
  tx: Queryable,
  site: string,
  added: readonly NewMessage[],
  now: number,
): Promise<string[]> {
  if (added.length === 0) return []
  const rows = added.map(({ routes: [route, ...fallbacks], message, fallbackOf }) => ({
    id: newMessageId(),
    message: channelMessage.parse(message),
    fallbacks,
    fallbackOf,
    isInbox: route.channel === 'inbox',
    ...route,
  }))
  const insert = insertRows(messages, rows, {
    site: () => site,
    id: ({ id }) => id,
    channelId: ({ channel }) => channel,
    recipient: ({ to }) => to,
    dedupeKey: ({ message }) => message.dedupeKey,
    message: ({ message }) => message,
    priority: ({ message }) => severities.indexOf(message.severity),
    state: ({ isInbox }) => (isInbox ? 'accepted' : 'queued'),
    fallbacks: ({ fallbacks }) => fallbacks,
    fallbackOf: ({ fallbackOf }) => fallbackOf,
    createdAt: () => now,
    queuedAt: () => now,
    nextAttemptAt: ({ isInbox }) => (isInbox ? undefined : now),
  })
  const on = drizzleOn(tx)
  const stored = await on.execute<{ id: string; channel: string; state: string }>(sql`
    ${insert} order by t.channel_id, t.recipient, t.dedupe_key
    on conflict (site, channel_id, recipient, dedupe_key) do nothing returning id, channel_id as channel, state`)
  const jobs = stored.filter(({ state }) => state === 'queued')
  await addJobs(
    tx,
    jobs.map(({ id }) => ({ queue: messageQueue, key: id, site, runAt: now })),
  )
  if (stored.some(({ channel }) => channel === 'inbox')) await announceChange(tx, site, 'inbox')
  return stored.map(({ id }) => id)
}
