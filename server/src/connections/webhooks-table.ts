import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { webhooks } from '@stagewatch/db/reactions-schema.ts'
import type { Webhook, WebhookRequest } from '@stagewatch/shared/contract/webhooks.ts'
import { and, eq, getTableColumns, sql } from 'drizzle-orm'
import { versionOf } from '../platform/edit-version.ts'
import type { StoredSecrets } from './webhook-secrets.ts'

/** Includes the fields that never leave the server. */
export interface StoredWebhook extends Omit<Webhook, 'version'> {
  readonly secrets: StoredSecrets
}

const { site: _site, ...columns } = getTableColumns(webhooks)

function isWebhook(site: string, id: string) {
  return and(eq(webhooks.site, site), eq(webhooks.id, id))
}

export async function loadWebhooks(db: Queryable, site: string): Promise<StoredWebhook[]> {
  const rows = await drizzleOn(db)
    .select(columns)
    .from(webhooks)
    .where(eq(webhooks.site, site))
    .orderBy(webhooks.createdAt, webhooks.id)
  return rows.map(webhookOf)
}

export async function loadWebhook(db: Queryable, site: string, id: string): Promise<StoredWebhook | undefined> {
  const [row] = await selectWebhook(db, site, id)
  return row && webhookOf(row)
}

/** Like `loadWebhook`, but locks the row until the transaction ends. */
export async function lockWebhook(tx: Queryable, site: string, id: string): Promise<StoredWebhook | undefined> {
  const [row] = await selectWebhook(tx, site, id).for('update')
  return row && webhookOf(row)
}

function selectWebhook(db: Queryable, site: string, id: string) {
  return drizzleOn(db).select(columns).from(webhooks).where(isWebhook(site, id))
}

export async function insertWebhook(
  tx: Queryable,
  site: string,
  { id, name, url, events, enabled, secrets, createdAt }: StoredWebhook,
): Promise<void> {
  await drizzleOn(tx)
    .insert(webhooks)
    .values({ site, id, name, url, events, enabled, ...secrets, createdAt })
}

/** Enabling a webhook resets its failures, because whoever saves it is expected to have fixed its problem. */
export async function updateWebhook(
  tx: Queryable,
  site: string,
  id: string,
  { name, url, events, enabled }: WebhookRequest,
): Promise<void> {
  await drizzleOn(tx)
    .update(webhooks)
    .set({ name, url, events, enabled, ...(enabled && { failingSince: null, disabledAt: null }) })
    .where(isWebhook(site, id))
}

/** @param previousUntil when the previous secret ceases to sign; null if there is none. */
export async function replaceSecrets(
  tx: Queryable,
  site: string,
  id: string,
  secrets: StoredSecrets,
  previousUntil: number | null,
): Promise<void> {
  await drizzleOn(tx)
    .update(webhooks)
    .set({ ...secrets, previousUntil })
    .where(isWebhook(site, id))
}

/**
 * Records whether an attempt has failed.
 * @returns since when every attempt has failed; undefined if the last one succeeded.
 */
export async function recordHealth(
  tx: Queryable,
  site: string,
  id: string,
  failed: boolean,
  now: number,
): Promise<number | undefined> {
  const since = sql`coalesce(${webhooks.failingSince}, ${sql.param(now, webhooks.failingSince)})`
  const [row] = await drizzleOn(tx)
    .update(webhooks)
    .set({ failingSince: failed ? since : null })
    .where(isWebhook(site, id))
    .returning({ since: webhooks.failingSince })
  return row?.since ?? undefined
}

export async function disableWebhook(tx: Queryable, site: string, id: string, now: number): Promise<void> {
  await drizzleOn(tx).update(webhooks).set({ enabled: false, disabledAt: now }).where(isWebhook(site, id))
}

export function editable({ name, url, events, enabled }: WebhookRequest): WebhookRequest {
  return { name, url, events: [...events], enabled }
}

export function publicWebhook({ secrets: _secrets, ...webhook }: StoredWebhook): Webhook {
  return { ...webhook, version: versionOf(editable(webhook)) }
}

function webhookOf(row: Omit<typeof webhooks.$inferSelect, 'site'>): StoredWebhook {
  const { sealed, secret, previousSecret, previousUntil, failingSince, disabledAt, ...rest } = row
  return {
    ...rest,
    secrets: { sealed, secret, previousSecret },
    ...(previousUntil !== null && { previousSecretUntil: previousUntil }),
    ...(failingSince !== null && { failingSince }),
    ...(disabledAt !== null && { disabledAt }),
  }
}
