import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { sourceHours } from '@stagewatch/db/sources-schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { and, asc, eq, gte, lt, sql } from 'drizzle-orm'
import type { SourceHour } from './source-tallies.ts'

const { accepted, duplicate, rejected, lags, source, hourAt } = sourceHours

/**
 * Adds to the stored counts, because each server instance only counts the events it received. The transaction makes it
 * all or nothing.
 */
export async function addSourceHours(tx: Queryable, site: string, hours: readonly SourceHour[]): Promise<void> {
  // Sorted, so that two server instances never deadlock.
  const rows = hours.toSorted((a, b) => a.hourAt - b.hourAt || (a.source < b.source ? -1 : 1))
  for (const hour of rows) {
    await drizzleOn(tx)
      .insert(sourceHours)
      .values({ site, ...hour })
      .onConflictDoUpdate({
        target: [sourceHours.site, source, hourAt],
        set: {
          accepted: sql`${accepted} + excluded.accepted`,
          duplicate: sql`${duplicate} + excluded.duplicate`,
          rejected: sql`${rejected} + excluded.rejected`,
          lags: sql`array(
            select coalesce(a, 0) + coalesce(b, 0)
            from unnest(${lags}, excluded.lags) with ordinality as both_lags (a, b, place) order by place)`,
        },
      })
  }
}

/** The hours of these sources from an instant on, oldest first. */
export async function loadSourceHours(
  db: Queryable,
  site: string,
  sources: readonly string[],
  from: number,
): Promise<SourceHour[]> {
  return drizzleOn(db)
    .select({ source, hourAt, accepted, duplicate, rejected, lags })
    .from(sourceHours)
    .where(and(eq(sourceHours.site, site), anyOf(source, sources), gte(hourAt, from)))
    .orderBy(asc(hourAt))
}

/** Pages do not show older hours. */
export async function deleteOldSourceHours(db: Queryable): Promise<void> {
  await drizzleOn(db)
    .delete(sourceHours)
    .where(lt(hourAt, sql`now() - interval '35 days'`))
}
