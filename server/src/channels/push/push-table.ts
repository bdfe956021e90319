import { createHash } from 'node:crypto'
import type { Queryable } from '@stagewatch/db/database.ts'
import { pushSubscriptions } from '@stagewatch/db/channels-schema.ts'
import { settings, users } from '@stagewatch/db/people-schema.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import type { PushSubscriptionRequest } from '@stagewatch/shared/contract/messages.ts'
import { and, asc, eq, notInArray, sql } from 'drizzle-orm'
import { settingOrFirst, saveSetting } from '../../identity/settings-table.ts'
import type { SecretBox } from '../../platform/secret-box.ts'
import type { PushKeys } from './encrypt-push.ts'
import { newVapidKeys } from './vapid.ts'
import type { VapidKeys } from './vapid.ts'

/** Maximum number of browsers per person; the oldest subscription is replaced. */
const maxOfPerson = 10
const vapidPlace = 'push keys'

export interface Subscription {
  readonly id: string
  readonly endpoint: string
  readonly createdAt: number
  readonly keys: PushKeys
}

/** Created when the first browser needs them. */
export async function vapidKeys(db: Queryable, box: SecretBox): Promise<VapidKeys> {
  const stored = await settingOrFirst(db, 'push_keys', box.seal(JSON.stringify(newVapidKeys()), vapidPlace))
  return JSON.parse(box.open(stored, vapidPlace)) as VapidKeys
}

export async function loadSubscriptions(db: Queryable, userId: string, box: SecretBox): Promise<Subscription[]> {
  const { id, endpoint, sealed, createdAt } = pushSubscriptions
  const rows = await drizzleOn(db)
    .select({ id, endpoint, sealed, createdAt })
    .from(pushSubscriptions)
    .where(eq(pushSubscriptions.userId, userId))
    .orderBy(asc(createdAt), asc(id))
    .limit(maxOfPerson)
  return rows.map((row) => ({
    id: row.id,
    endpoint: row.endpoint,
    createdAt: row.createdAt,
    keys: JSON.parse(box.open(row.sealed, placeOf(row.id))) as PushKeys,
  }))
}

/** Whether a person has registered any browser. */
export async function hasSubscription(db: Queryable, userId: string): Promise<boolean> {
  const { id } = pushSubscriptions
  const rows = await drizzleOn(db)
    .select({ id })
    .from(pushSubscriptions)
    .where(eq(pushSubscriptions.userId, userId))
    .limit(1)
  return rows.length > 0
}

/** A browser that subscribes again, possibly as another person, belongs to that person from now on. */
export async function saveSubscription(
  tx: Queryable,
  userId: string,
  { endpoint, keys: { p256dh, auth } }: PushSubscriptionRequest,
  box: SecretBox,
  now: number,
): Promise<string> {
  const on = drizzleOn(tx)
  // Serializes subscriptions of a person, so that their number stays within the limit.
  await on.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update')
  const id = createHash('sha256').update(endpoint).digest('base64url').slice(0, 22)
  const row = { userId, sealed: box.seal(JSON.stringify({ p256dh, auth }), placeOf(id)), createdAt: now }
  await on
    .insert(pushSubscriptions)
    .values({ id, endpoint, ...row })
    .onConflictDoUpdate({ target: pushSubscriptions.id, set: row })
  const newest = on
    .select({ id: pushSubscriptions.id })
    .from(pushSubscriptions)
    .where(eq(pushSubscriptions.userId, userId))
    .orderBy(sql`${pushSubscriptions.createdAt} desc`, pushSubscriptions.id)
    .limit(maxOfPerson)
  await on
    .delete(pushSubscriptions)
    .where(and(eq(pushSubscriptions.userId, userId), notInArray(pushSubscriptions.id, newest)))
  return id
}

/** @param userId restricts the deletion to this person. */
export async function deleteSubscription(tx: Queryable, id: string, userId?: string): Promise<boolean> {
  const isTheirs = userId === undefined ? undefined : eq(pushSubscriptions.userId, userId)
  return (
    (
      await drizzleOn(tx)
        .delete(pushSubscriptions)
        .where(and(eq(pushSubscriptions.id, id), isTheirs))
    ).rowCount > 0
  )
}

/** Seals the stored keys and subscriptions of push again. @returns their number. */
export async function resealPush(tx: Queryable, box: SecretBox): Promise<number> {
  const on = drizzleOn(tx)
  const { id, sealed } = pushSubscriptions
  const rows = await on.select({ id, sealed }).from(pushSubscriptions).orderBy(id).for('update')
  for (const row of rows) {
    const next = box.seal(box.open(row.sealed, placeOf(row.id)), placeOf(row.id))
    await on.update(pushSubscriptions).set({ sealed: next }).where(eq(id, row.id))
  }
  const [keys] = await on.select({ value: settings.value }).from(settings).where(eq(settings.name, 'push_keys'))
  if (keys === undefined) return rows.length
  await saveSetting(tx, 'push_keys', box.seal(box.open(keys.value, vapidPlace), vapidPlace))
  return rows.length + 1
}

function placeOf(id: string): string {
  return `push:${id}`
}
