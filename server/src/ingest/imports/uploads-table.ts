import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { uploads } from '@stagewatch/db/imports-schema.ts'
import { databaseNow } from '@stagewatch/db/sql-expressions.ts'
import { uploadLimits } from '@stagewatch/shared/contract/uploads.ts'
import { and, count, desc, eq, gt, lt, sql, sum } from 'drizzle-orm'
import type { Caller } from '../../access/caller.ts'
import { AppError } from '../../platform/app-error.ts'
import { isAhead, isSilent } from '../batches/imports-table.ts'

export type StoredUpload = typeof uploads.$inferSelect
export type StoredCheck = NonNullable<StoredUpload['lastCheck']>

type Sender = Pick<Caller, 'kind' | 'id' | 'name'>
type NewUpload = Pick<StoredUpload, 'id' | 'file' | 'bytes' | 'host' | 'startedAt' | 'expiresAt'>

/**
 * @param maxBytes limit for all uploads of a site together.
 * @throws AppError `too_large` if the site has too many uploads, or too many bytes.
 */
export async function insertUpload(
  database: Database,
  site: string,
  sender: Sender,
  upload: NewUpload,
  maxBytes: number,
): Promise<void> {
  await database.transaction(async (tx) => {
    // Serializes uploads that start at the same time, so that both are counted.
    await drizzleOn(tx).execute(sql`select pg_advisory_xact_lock(${lockSpace}, hashtext(${site}))::text`)
    const [there] = await drizzleOn(tx)
      .select({ uploads: count(), bytes: sql<number>`coalesce(${sum(uploads.bytes)}, 0)::float8` })
      .from(uploads)
      .where(and(eq(uploads.site, site), gt(uploads.expiresAt, upload.startedAt)))
    if ((there?.uploads ?? 0) >= uploadLimits.ofSite || (there?.bytes ?? 0) + upload.bytes > maxBytes) {
      throw new AppError('too_large', 'the site has too many files waiting to be imported: delete one of them', {
        field: 'bytes',
        reason: 'too_many',
        limit: uploadLimits.ofSite,
      })
    }
    await drizzleOn(tx)
      .insert(uploads)
      .values({ site, senderKind: sender.kind, sender: nameOf(sender), ...upload })
  })
}

/** First half of the advisory lock key on uploads (an arbitrary constant); the second half is the site. */
const lockSpace = 7_246_003

/** Uploads of one sender, newest first. */
export function loadUploads(db: Queryable, site: string, sender: Sender): Promise<StoredUpload[]> {
  return drizzleOn(db)
    .select()
    .from(uploads)
    .where(and(eq(uploads.site, site), eq(uploads.senderKind, sender.kind), eq(uploads.sender, nameOf(sender))))
    .orderBy(desc(uploads.startedAt), desc(uploads.id))
    .limit(uploadLimits.ofSite)
}

export async function loadUpload(db: Queryable, site: string, id: string): Promise<StoredUpload | undefined> {
  const [row] = await drizzleOn(db)
    .select()
    .from(uploads)
    .where(and(eq(uploads.site, site), eq(uploads.id, id)))
  return row
}

export async function saveUpload(
  db: Queryable,
  { site, id }: Pick<StoredUpload, 'site' | 'id'>,
  changed: Partial<Omit<StoredUpload, 'site' | 'id' | 'aliveAt'>>,
): Promise<void> {
  await drizzleOn(db)
    .update(uploads)
    .set({ ...changed, aliveAt: databaseNow })
    .where(and(eq(uploads.site, site), eq(uploads.id, id)))
}

export async function deleteUpload(db: Queryable, { site, id }: Pick<StoredUpload, 'site' | 'id'>): Promise<void> {
  await drizzleOn(db)
    .delete(uploads)
    .where(and(eq(uploads.site, site), eq(uploads.id, id)))
}

/**
 * @param now epoch ms.
 * @returns the ids of the remaining uploads.
 */
export async function deleteExpiredUploads(db: Queryable, now: number): Promise<ReadonlySet<string>> {
  await drizzleOn(db).delete(uploads).where(lt(uploads.expiresAt, now))
  const kept = await drizzleOn(db).select({ id: uploads.id }).from(uploads)
  return new Set(kept.map(({ id }) => id))
}

/** Whether the upload belongs to the caller. */
export function isOf({ senderKind, sender }: StoredUpload, caller: Sender): boolean {
  return senderKind === caller.kind && sender === nameOf(caller)
}

/** Prefers the id, because two API keys may have the same name. */
function nameOf({ id, name }: Sender): string {
  return id ?? name
}

/**
 * Stores the progress of the server instance that checks the upload.
 * @returns whether a stop was requested.
 */
export async function keepUpload(
  db: Queryable,
  { site, id }: Pick<StoredUpload, 'site' | 'id'>,
  progress: StoredUpload['progress'] | undefined,
): Promise<boolean> {
  const [row] = await drizzleOn(db)
    .update(uploads)
    .set({ ...(progress !== undefined && { progress }), aliveAt: databaseNow })
    .where(and(eq(uploads.site, site), eq(uploads.id, id)))
    .returning({ stopping: uploads.stopping })
  return row?.stopping ?? true
}

/** Uploads whose server instance may have died during the check. */
export async function loadLostChecks(db: Queryable, isAlone: boolean): Promise<StoredUpload[]> {
  const on = drizzleOn(db)
  const isChecked = sql`${uploads.lastCheck} ->> 'state' in ('waiting', 'running')`
  await on
    .update(uploads)
    .set({ aliveAt: databaseNow })
    .where(and(isChecked, isAhead(uploads.aliveAt)))
  return on
    .select()
    .from(uploads)
    .where(and(isChecked, isAlone ? undefined : isSilent(uploads.aliveAt)))
}
