import { erasures } from '@stagewatch/db/audit-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { leases } from '@stagewatch/db/reactions-schema.ts'
import { archivedEvents, archiveRuns, archives } from '@stagewatch/db/retention-schema.ts'
import { databaseNow } from '@stagewatch/db/sql-expressions.ts'
import type { ArchiveFailure, ArchiveRun } from '@stagewatch/shared/contract/retention.ts'
import { archiveFailures, retentionLimits } from '@stagewatch/shared/contract/retention.ts'
import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm'

export type RunRow = typeof archiveRuns.$inferSelect

/** Held by the server instance that archives at the site. */
export function runLease(site: string): string {
  return `archive:${site}`
}

export async function loadRun(db: Queryable, site: string): Promise<RunRow | undefined> {
  const [row] = await drizzleOn(db).select().from(archiveRuns).where(eq(archiveRuns.site, site))
  return row
}

/** Archiving at every site, for metrics. */
export async function loadArchiveStates(db: Queryable) {
  const on = drizzleOn(db)
  const runs = await on
    .select({ site: archiveRuns.site, lastRunAt: archiveRuns.begunAt, failure: archiveRuns.failure })
    .from(archiveRuns)
  const sums = await on
    .select({
      site: archives.site,
      orders: sql<number>`sum(${archives.orderCount} - ${archives.restoredCount})::float8`,
    })
    .from(archives)
    .groupBy(archives.site)
  const archived = new Map(sums.map(({ site, orders }) => [site, orders]))
  const ran = new Map(runs.map((run) => [run.site, run]))
  return [...new Set([...archived.keys(), ...ran.keys()])].map((site) => ({
    site,
    archivedOrders: archived.get(site) ?? 0,
    lastRunAt: ran.get(site)?.lastRunAt ?? null,
    isFailing: (ran.get(site)?.failure ?? null) !== null,
  }))
}

/** A run that ran out of time is continued after the last order that it has looked at. */
export async function beginRun(db: Queryable, site: string, begunAt: number): Promise<void> {
  const begun = { begunAt, endedAt: null, orderCount: 0, eventCount: 0, failure: null, isCancelled: false }
  await drizzleOn(db)
    .insert(archiveRuns)
    .values({ site, ...begun })
    .onConflictDoUpdate({ target: archiveRuns.site, set: begun })
}

export async function endRun(
  db: Queryable,
  site: string,
  end: Pick<RunRow, 'endedAt' | 'after' | 'failure'>,
): Promise<void> {
  await drizzleOn(db).update(archiveRuns).set(end).where(eq(archiveRuns.site, site))
}

/** @returns whether a run was under way. */
export async function cancelRun(db: Queryable, site: string): Promise<boolean> {
  const cancelled = await drizzleOn(db)
    .update(archiveRuns)
    .set({ isCancelled: true })
    .where(and(eq(archiveRuns.site, site), sql`${archiveRuns.endedAt} is null`))
  return cancelled.rowCount > 0
}

/** Whether a live server instance is archiving at the site. */
export async function isUnderWay(db: Queryable, site: string): Promise<boolean> {
  const held = await drizzleOn(db)
    .select({ owner: leases.owner })
    .from(leases)
    .where(and(eq(leases.name, runLease(site)), gt(leases.expiresAt, databaseNow)))
  return held.length > 0
}

/** Whether a removal of personal data from the site is not done. */
export async function isErasurePending(db: Queryable, site: string): Promise<boolean> {
  const pending = await drizzleOn(db)
    .select({ id: erasures.id })
    .from(erasures)
    .where(and(eq(erasures.site, site), isNull(erasures.doneAt)))
    .limit(1)
  return pending.length > 0
}

/** @param isHeld whether a live server instance holds its lease. */
export function viewOfRun(row: RunRow, isHeld: boolean): ArchiveRun {
  const { begunAt, endedAt, orderCount, eventCount } = row
  const failure = failureOf(row)
  return {
    state: stateOf(row, isHeld),
    begunAt,
    ...(endedAt !== null && { endedAt }),
    orders: orderCount,
    events: eventCount,
    ...(failure !== undefined && { failure }),
  }
}

function stateOf({ endedAt, failure, isCancelled, after }: RunRow, isHeld: boolean): ArchiveRun['state'] {
  if (endedAt === null) return isHeld ? 'running' : 'lost'
  if (failure !== null) return 'failed'
  if (isCancelled) return 'cancelled'
  return after === null ? 'done' : 'continues'
}

export function failureOf({ failure }: Pick<RunRow, 'failure'>): ArchiveFailure | undefined {
  if (failure === null) return undefined
  return archiveFailures.find((one) => one === failure.code) ?? 'internal'
}

/** Identities that are deleted by one statement. */
const deletedAtOnce = 5_000
const yearMs = 365 * 24 * 3_600_000

/**
 * Forgets the identities of events that were archived years ago, a limited number at a time. Such an event that is sent
 * again is refused because its order is archived.
 * @returns the number of forgotten ones.
 */
export async function forgetOldIdentities(db: Queryable, site: string, now: number): Promise<number> {
  const before = now - retentionLimits.identityYears * yearMs
  const on = drizzleOn(db)
  const old = on
    .select({ id: archives.id })
    .from(archives)
    .where(and(eq(archives.site, site), lt(archives.archivedAt, before)))
  const some = on
    .select({ key: archivedEvents.key })
    .from(archivedEvents)
    .where(and(eq(archivedEvents.site, site), sql`${archivedEvents.archiveId} in ${old}`))
    .limit(deletedAtOnce)
  const deleted = await on
    .delete(archivedEvents)
    .where(and(eq(archivedEvents.site, site), sql`${archivedEvents.key} in ${some}`))
  return deleted.rowCount
}
