import { randomBytes } from 'node:crypto'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { jobs, webhookDeliveries, webhooks } from '@stagewatch/db/reactions-schema.ts'
import { insertRows } from '@stagewatch/db/write-columns.ts'
import type { WebhookDelivery } from '@stagewatch/shared/contract/webhooks.ts'
import { and, desc, eq, getTableColumns, isNotNull, sql } from 'drizzle-orm'
import { addJobs } from '../platform/jobs.ts'

export const deliveryQueue = 'webhook-deliveries'

/** A message for a webhook. */
export interface NewDelivery {
  readonly webhookId: string
  /** A webhook is notified once per subject. */
  readonly subject: string
  readonly type: WebhookDelivery['type']
  readonly data: Readonly<Record<string, unknown>>
}

/** Stores messages and the jobs that send them; to be called in the transaction that causes them. */
export async function addDeliveries(
  tx: Queryable,
  site: string,
  deliveries: readonly NewDelivery[],
  now: number,
): Promise<string[]> {
  if (deliveries.length === 0) return []
  const timestamp = new Date(now).toISOString()
  const insert = insertRows(webhookDeliveries, deliveries, {
    site: () => site,
    webhookId: ({ webhookId }) => webhookId,
    id: () => `msg_${randomBytes(18).toString('base64url')}`,
    subject: ({ subject }) => subject,
    type: ({ type }) => type,
    body: ({ type, data }) => JSON.stringify({ type, timestamp, data }),
    createdAt: () => now,
    nextAttemptAt: () => now,
  })
  // A webhook may have been deleted since it was loaded.
  const added = await drizzleOn(tx).execute<{ id: string }>(sql`
    ${insert} join ${webhooks} w on w.site = t.site and w.id = t.webhook_id
    order by w.id, t.subject for key share of w
    on conflict (site, webhook_id, subject) do nothing returning id`)
  const ids = added.map(({ id }) => id)
  await addJobs(
    tx,
    ids.map((id) => ({ queue: deliveryQueue, key: id, site, runAt: now })),
  )
  return ids
}

/** A message as it is sent. */
export interface StoredDelivery extends WebhookDelivery {
  readonly webhookId: string
  readonly body: string
}

const { site: _site, subject: _subject, ...columns } = getTableColumns(webhookDeliveries)

function isDelivery(site: string, id: string) {
  return and(eq(webhookDeliveries.site, site), eq(webhookDeliveries.id, id))
}

export async function loadDelivery(db: Queryable, site: string, id: string): Promise<StoredDelivery | undefined> {
  const [row] = await drizzleOn(db).select(columns).from(webhookDeliveries).where(isDelivery(site, id))
  return row && deliveryOf(row)
}

/** @param before id of a delivery; only older ones are returned. */
export async function loadDeliveries(
  db: Queryable,
  site: string,
  webhookId: string,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<StoredDelivery[]> {
  const { createdAt, id } = webhookDeliveries
  const older = sql`(${createdAt}, ${id}) < (
    select b.created_at, b.id from ${webhookDeliveries} b where b.site = ${site} and b.id = ${before})`
  const rows = await drizzleOn(db)
    .select(columns)
    .from(webhookDeliveries)
    .where(
      and(
        eq(webhookDeliveries.site, site),
        eq(webhookDeliveries.webhookId, webhookId),
        before === undefined ? undefined : older,
      ),
    )
    .orderBy(desc(createdAt), desc(id))
    .limit(limit)
  return rows.map(deliveryOf)
}

/** The outcome of an attempt. */
export interface Attempt {
  readonly at: number
  readonly state: WebhookDelivery['state']
  readonly nextAttemptAt?: number | undefined
  readonly status?: number | undefined
  readonly error?: string | undefined
}

export async function recordAttempt(tx: Queryable, site: string, id: string, attempt: Attempt): Promise<void> {
  const { at, state, nextAttemptAt, status, error } = attempt
  await drizzleOn(tx)
    .update(webhookDeliveries)
    .set({
      state,
      attemptCount: sql`${webhookDeliveries.attemptCount} + 1`,
      lastAttemptAt: at,
      nextAttemptAt: nextAttemptAt ?? null,
      lastStatus: status ?? null,
      lastError: error ?? null,
    })
    .where(isDelivery(site, id))
}

/** Sends a message again, with the same id, as soon as its job runs. */
export async function repeatDelivery(tx: Queryable, site: string, id: string, now: number): Promise<void> {
  const on = drizzleOn(tx)
  await on.update(webhookDeliveries).set({ state: 'pending', nextAttemptAt: now }).where(isDelivery(site, id))
  const isJob = and(eq(jobs.queue, deliveryQueue), eq(jobs.key, id))
  await on.delete(jobs).where(and(isJob, isNotNull(jobs.deadAt)))
  await on.update(jobs).set({ runAt: now }).where(isJob)
  await addJobs(tx, [{ queue: deliveryQueue, key: id, site, runAt: now }])
}

/** How long deliveries are kept. */
const deliveriesKeptDays = 30
const maxDeliveries = 1_000

export async function deleteOldDeliveries(db: Queryable): Promise<void> {
  await drizzleOn(db).execute(sql`
    delete from ${webhookDeliveries} d using (
      select site, id, row_number() over (partition by site, webhook_id order by created_at desc, id desc) as place
      from ${webhookDeliveries}) as ranked
    where d.site = ranked.site and d.id = ranked.id and d.state <> 'pending'
      and (ranked.place > ${maxDeliveries} or d.created_at < now() - make_interval(days => ${deliveriesKeptDays}))`)
}

type DeliveryRow = Omit<typeof webhookDeliveries.$inferSelect, 'site' | 'subject'>

function deliveryOf({ lastAttemptAt, nextAttemptAt, lastStatus, lastError, ...row }: DeliveryRow): StoredDelivery {
  return {
    ...row,
    ...(lastAttemptAt !== null && { lastAttemptAt }),
    ...(nextAttemptAt !== null && { nextAttemptAt }),
    ...(lastStatus !== null && { lastStatus }),
    ...(lastError !== null && { lastError }),
  }
}
