import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { channelBudgets, channels, messages } from '@stagewatch/db/channels-schema.ts'
import type { ChannelKind } from '@stagewatch/shared/contract/channels.ts'
import { and, count, eq, inArray, sql } from 'drizzle-orm'
import type { SecretBox } from '../platform/secret-box.ts'

export type Secrets = Readonly<Record<string, string>>
export type Settings = Readonly<Record<string, string | number>>

/** A channel as stored, with sealed secrets. */
export interface StoredChannel {
  readonly id: string
  readonly kind: ChannelKind
  readonly name: string
  readonly enabled: boolean
  readonly settings: Settings
  readonly sealed: string
  readonly createdAt: number
  /** Null if the last attempt has not failed. */
  readonly failingSince: number | null
  readonly triedAt: number | null
}

/** A channel with data about its use. */
export interface UsedChannel extends StoredChannel {
  readonly blockedUntil: number | null
  readonly waitingCount: number
}

const { id, kind, name, enabled, settings, sealed, createdAt, failingSince, triedAt } = channels
const columns = { id, kind, name, enabled, settings, sealed, createdAt, failingSince, triedAt }

const isChannel = (site: string, of: string) => and(eq(channels.site, site), eq(channels.id, of))
const waiting = ['queued', 'retried', 'sending'] as const

export function sealSecrets(box: SecretBox, site: string, of: string, secrets: Secrets): string {
  return box.seal(JSON.stringify(secrets), placeOf(site, of))
}

/** @throws SealedSecretError */
export function openSecrets(box: SecretBox, site: string, of: Pick<StoredChannel, 'id' | 'sealed'>): Secrets {
  return JSON.parse(box.open(of.sealed, placeOf(site, of.id))) as Secrets
}

function placeOf(site: string, of: string): string {
  return `channel:${site}:${of}`
}

export async function loadChannels(db: Queryable, site: string): Promise<UsedChannel[]> {
  const on = drizzleOn(db)
  const rows = await on
    .select({ ...columns, blockedUntil: channelBudgets.blockedUntil })
    .from(channels)
    .leftJoin(channelBudgets, and(eq(channelBudgets.site, channels.site), eq(channelBudgets.channelId, channels.id)))
    .where(eq(channels.site, site))
    .orderBy(createdAt, id)
  const counts = await on
    .select({ channel: messages.channelId, waitingCount: count() })
    .from(messages)
    .where(and(eq(messages.site, site), inArray(messages.state, [...waiting])))
    .groupBy(messages.channelId)
  const byChannel = new Map(counts.map(({ channel, waitingCount }) => [channel, waitingCount]))
  return rows.map((row) => ({ ...row, waitingCount: byChannel.get(row.id) ?? 0 }))
}

export async function loadChannel(db: Queryable, site: string, of: string): Promise<StoredChannel | undefined> {
  const [row] = await drizzleOn(db).select(columns).from(channels).where(isChannel(site, of))
  return row
}

/** Like `loadChannel`, but locks the row until the transaction ends. */
export async function lockChannel(tx: Queryable, site: string, of: string): Promise<StoredChannel | undefined> {
  const [row] = await drizzleOn(tx).select(columns).from(channels).where(isChannel(site, of)).for('update')
  return row
}

export async function insertChannel(tx: Queryable, site: string, channel: StoredChannel): Promise<void> {
  await drizzleOn(tx)
    .insert(channels)
    .values({ site, ...channel })
}

export type ChannelChange = Pick<StoredChannel, 'name' | 'enabled' | 'settings' | 'sealed'>

/** Also clears the outcome of attempts and the block: whoever saves a channel is expected to have fixed its problem. */
export async function updateChannel(tx: Queryable, site: string, of: string, change: ChannelChange): Promise<void> {
  await drizzleOn(tx)
    .update(channels)
    .set({ ...change, failingSince: null, triedAt: null })
    .where(isChannel(site, of))
  const { site: ofSite, channelId } = channelBudgets
  await drizzleOn(tx)
    .update(channelBudgets)
    .set({ blockedUntil: null })
    .where(and(eq(ofSite, site), eq(channelId, of)))
}

export async function deleteChannel(tx: Queryable, site: string, of: string): Promise<void> {
  await drizzleOn(tx).delete(channels).where(isChannel(site, of))
  const { site: ofSite, channelId } = channelBudgets
  await drizzleOn(tx)
    .delete(channelBudgets)
    .where(and(eq(ofSite, site), eq(channelId, of)))
}

/** Records an attempt, and whether it has failed. */
export async function recordChannelHealth(
  tx: Queryable,
  site: string,
  of: string,
  failed: boolean,
  now: number,
): Promise<void> {
  const since = sql`coalesce(${channels.failingSince}, ${sql.param(now, channels.failingSince)})`
  await drizzleOn(tx)
    .update(channels)
    .set({ failingSince: failed ? since : null, triedAt: now })
    .where(isChannel(site, of))
}

/** Seals the secrets of all channels of all sites again. @returns their number. */
export async function resealChannels(tx: Queryable, box: SecretBox): Promise<number> {
  const on = drizzleOn(tx)
  const rows = await on
    .select({ site: channels.site, id, sealed })
    .from(channels)
    .orderBy(channels.site, id)
    .for('update')
  for (const row of rows) {
    const next = sealSecrets(box, row.site, row.id, openSecrets(box, row.site, row))
    await on.update(channels).set({ sealed: next }).where(isChannel(row.site, row.id))
  }
  return rows.length
}
