import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { messages } from '@stagewatch/db/channels-schema.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import type { Inbox } from '@stagewatch/shared/contract/messages.ts'
import { and, count, desc, eq, isNull } from 'drizzle-orm'
import { announceChange } from '../platform/site-changes.ts'

/** Maximum number of messages shown; the delivery log has all of them. */
const maxShown = 50

/** The message centre of a person at a site. */
export async function loadInbox(db: Queryable, site: string, userId: string): Promise<Inbox> {
  const on = drizzleOn(db)
  const { id, message, createdAt, readAt } = messages
  const rows = await on
    .select({ id, message, createdAt, readAt })
    .from(messages)
    .where(isInbox(site, userId))
    .orderBy(desc(createdAt), desc(id))
    .limit(maxShown)
  const [unread] = await on
    .select({ unreadCount: count() })
    .from(messages)
    .where(and(isInbox(site, userId), isNull(readAt)))
  return {
    unreadCount: unread?.unreadCount ?? 0,
    messages: rows.map(({ message: { severity, title, lines, link, orders }, ...row }) => ({
      id: row.id,
      severity,
      title,
      lines,
      link,
      orders,
      createdAt: row.createdAt,
      read: row.readAt !== null,
    })),
  }
}

/** @param ids undefined for all. */
export async function markRead(
  database: Database,
  site: string,
  userId: string,
  ids: readonly string[] | undefined,
  now: number,
): Promise<void> {
  const { id, readAt } = messages
  await database.transaction(async (tx) => {
    const on = drizzleOn(tx)
    await on
      .update(messages)
      .set({ readAt: now })
      .where(and(isInbox(site, userId), isNull(readAt), ids === undefined ? undefined : anyOf(id, ids)))
    await announceChange(tx, site, 'inbox')
  })
}

function isInbox(site: string, userId: string) {
  return and(eq(messages.site, site), eq(messages.channelId, 'inbox'), eq(messages.recipient, userId))
}
